"""`manage.py seed_tenants`: further tenants."""

from argparse import ArgumentParser
from typing import Any

from ...seeding import SCALES, Addition, Volumes, add_rows
from ..seed_command import SeedCommand, as_command_errors, chosen_dirt, history


class Command(SeedCommand):
    """Tenants only."""

    help = "Add tenants, the next of those that there are names for (20 in all)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many."""
        amount = parser.add_mutually_exclusive_group()
        amount.add_argument("--scale", choices=SCALES, default="small", help="default: small")
        amount.add_argument("--count", type=int, help="instead of the scale's number of them")
        super().add_arguments(parser)

    def handle(self, *, scale: str, count: int | None, **options: Any) -> None:
        """Add the tenants, print the summary."""
        volumes = Volumes(tenants=SCALES[scale].tenants if count is None else count)
        with as_command_errors():
            addition = Addition(volumes, history(**options), chosen_dirt(**options))
            with self.progress(volumes) as on_progress:
                report = add_rows(addition, on_progress=on_progress)
        self.print_summary(addition.history, report)
