"""`manage.py seed_invoices`: further invoices."""

from ..seed_command import AddCommand


class Command(AddCommand):
    """Invoices only."""

    help = "Add invoices: periods of subscriptions that have none yet, then other work."
    volume = "invoices"
