"""`manage.py cleanup_data`: delete rows of the eight tables."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...seeding.cleanup import Selection, count_selected, delete_selected
from ..seed_command import as_command_errors, day


class Command(BaseCommand):
    """Counts, asks, deletes, reports."""

    help = (
        "Delete all rows, one tenant with everything, or history from before a day. "
        "By DELETE, so that a running replication carries it; in one transaction."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which rows, and whether to ask."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="every row of the eight tables")
        which.add_argument("--tenant", help="slug of the tenant to delete with everything it has")
        which.add_argument(
            "--before",
            type=day,
            help="events, orders with items, invoices and ended subscriptions from before this day "
            "(UTC); tenants, customers and products stay",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, tenant: str | None, before: Any, yes: bool, **_: Any) -> None:
        """Delete what the options select."""
        selection = Selection(tenant=tenant, before=before)
        with as_command_errors():
            if not yes:
                self._ask(count_selected(selection))
            deleted = delete_selected(selection)
        for table, count in deleted.items():
            self.stdout.write(f"  {table:<18} {count:>9,} rows deleted")
        total = sum(deleted.values())
        self.stdout.write(self.style.SUCCESS(f"  {'total':<18} {total:>9,} rows deleted"))

    def _ask(self, counts: dict[str, int]) -> None:
        for table, count in counts.items():
            self.stdout.write(f"  {table:<18} {count:>9,} rows")
        total = sum(counts.values())
        try:
            answer = input(f"Delete these {total:,} rows for good? Type yes: ")
        except EOFError:
            answer = ""
        if answer.strip().lower() != "yes":
            raise CommandError("not confirmed; nothing was deleted; --yes does not ask")
