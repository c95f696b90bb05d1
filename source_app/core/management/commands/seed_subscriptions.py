"""`manage.py seed_subscriptions`: further subscriptions of the customers that are there."""

from ..seed_command import AddCommand


class Command(AddCommand):
    """Subscriptions only."""

    help = "Add subscriptions, for customers that have none as long as there are some."
    volume = "subscriptions"
