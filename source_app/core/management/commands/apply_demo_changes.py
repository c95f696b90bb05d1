"""`manage.py apply_demo_changes`: change the live database as a day of business would."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...activity import Change, make_demo_changes
from ...errors import CoreError

LINE = "{action:<46}{table:<19}{row_id!s:<38}{detail}"


class Command(BaseCommand):
    """Makes the changes and prints one line for each."""

    help = (
        "Make every kind of change that replication must carry, in several transactions: inserts, "
        "updates, deletes, rows deleted and re-created. Each run makes new ones."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--seed", type=int, default=42, help="which rows are chosen")

    def handle(self, *, seed: int, **_: Any) -> None:
        """Change and report."""
        self.stdout.write(LINE.format(action="change", table="table", row_id="id", detail=""))
        count = 0
        try:
            for change in make_demo_changes(seed):
                self.stdout.write(_line(change))
                count += 1
        except CoreError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{count} changes committed"))


def _line(change: Change) -> str:
    return LINE.format(**vars(change))
