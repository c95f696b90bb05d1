"""`manage.py check_realism`: whether the database looks like a business."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from ...seeding.realism import Measure, measure
from ..seed_command import as_command_errors, day, history


class Command(BaseCommand):
    """Prints each rule with what is wanted and what is measured."""

    help = (
        "Measure the rules of docs/DATA_GENERATION.md on the database. "
        "They are meant for scale medium; a small database scatters more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which days the rows are of."""
        parser.add_argument("--start-date", type=day, help="first day; default: 180 before end")
        parser.add_argument("--end-date", type=day, help="day after the last; default: today (UTC)")

    def handle(self, **options: Any) -> None:
        """Measure and print."""
        with as_command_errors(), connection.cursor() as cursor:
            measures = []
            for found in measure(cursor, history(seed=0, **options)):
                measures.append(found)
                self.stdout.write(self._line(found))
        held = sum(found.holds for found in measures)
        style = self.style.SUCCESS if held == len(measures) else self.style.WARNING
        self.stdout.write(style(f"{held} of {len(measures)} rules hold"))

    def _line(self, found: Measure) -> str:
        number = "no rows" if found.number is None else f"{found.number:.3f}"
        line = f"  {found.wanted.name:<72} {found.wanted.aim:>15} {number:>10}"
        return line if found.holds else self.style.WARNING(line + "  !")
