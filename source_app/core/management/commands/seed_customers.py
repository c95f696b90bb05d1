"""`manage.py seed_customers`: further customers for the tenants that are there."""

from ..seed_command import AddCommand


class Command(AddCommand):
    """Customers only."""

    help = "Add customers to the tenants that are there; e-mail numbers go on."
    volume = "customers"
