"""`manage.py seed_all`: fill the database with tenants and their history."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ...errors import CoreError
from ...seeding import SCALES, SeedPlan, SeedReport, seed_database

HISTORY = timedelta(days=180)


class Command(BaseCommand):
    """Reads the options, seeds, prints the summary."""

    help = (
        "Fill the eight tables with believable history, by COPY, in one transaction. "
        "The same scale, seed and dates give the same rows, ids included."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--scale", choices=SCALES, default="small")
        parser.add_argument("--seed", type=int, default=42, help="default: 42")
        parser.add_argument(
            "--start-date", type=_day, help="first day; default: 180 days before end"
        )
        parser.add_argument(
            "--end-date", type=_day, help="day after the last; default: today (UTC)"
        )
        parser.add_argument("--clean", action="store_true", help="empty the eight tables first")
        parser.add_argument("--yes", action="store_true", help="needed by --clean outside DEBUG")

    def handle(self, **options: Any) -> None:
        """Seed as the options say."""
        if options["clean"] and not (settings.DEBUG or options["yes"]):
            raise CommandError(
                "--clean deletes every row of the eight tables and DJANGO_DEBUG is off; "
                "nothing was changed; add --yes if that is what you want"
            )
        try:
            plan = _plan(**options)
            report = self._seed(plan, clean=options["clean"])
        except CoreError as error:
            raise CommandError(str(error)) from error
        self._print_summary(plan, report)

    def _seed(self, plan: SeedPlan, *, clean: bool) -> SeedReport:
        with _progress(Console(file=self.stdout)) as progress:
            task = progress.add_task("seeding", total=sum(vars(plan.volumes).values()))
            return seed_database(
                plan,
                clean=clean,
                on_progress=lambda table, count: progress.update(
                    task, advance=count, description=table
                ),
            )

    def _print_summary(self, plan: SeedPlan, report: SeedReport) -> None:
        self.stdout.write(f"History from {plan.start} to {plan.end}, seed {plan.seed}")
        for table, count in report.rows.items():
            self.stdout.write(f"  {table:<18} {count:>9,} rows")
        total = sum(report.rows.values())
        self.stdout.write(
            self.style.SUCCESS(
                f"  {'total':<18} {total:>9,} rows in {report.seconds:.1f} s, references checked"
            )
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2026-01-31") from error


def _plan(
    *, scale: str, seed: int, start_date: date | None, end_date: date | None, **_: Any
) -> SeedPlan:
    end = end_date or datetime.now(UTC).date()
    return SeedPlan(SCALES[scale], seed, start_date or end - HISTORY, end)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
