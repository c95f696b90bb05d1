"""`manage.py seed_events`: further visits of the shops that are there."""

from ..seed_command import AddCommand


class Command(AddCommand):
    """Events only."""

    help = "Add sessions of events, some of them for orders that have none yet."
    volume = "events"
