"""What the seeding commands share: their options, progress bars and summaries."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..errors import CoreError
from ..seeding import (
    DEFAULT_DIRT_NAME,
    DIRTS,
    SCALES,
    Addition,
    Dirt,
    History,
    SeedReport,
    Volumes,
    add_rows,
)

HISTORY = timedelta(days=180)


class SeedCommand(BaseCommand):
    """A command that writes generated rows."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of all of them."""
        parser.add_argument("--seed", type=int, default=42, help="default: 42")
        parser.add_argument("--start-date", type=day, help="first day; default: 180 before end")
        parser.add_argument("--end-date", type=day, help="day after the last; default: today (UTC)")
        parser.add_argument(
            "--dirt",
            choices=DIRTS,
            default=DEFAULT_DIRT_NAME,
            help=f"mistakes as in a real source; default: {DEFAULT_DIRT_NAME}",
        )

    @contextmanager
    def progress(self, volumes: Volumes) -> Iterator[Callable[[str, int], None]]:
        """A bar of all rows, named after the table that is being written."""
        columns = (
            TextColumn("{task.description:<18}"),
            *(BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
        )
        with Progress(*columns, console=Console(file=self.stdout)) as bar:
            task = bar.add_task("seeding", total=sum(vars(volumes).values()))
            yield lambda table, count: bar.update(task, advance=count, description=table)

    def print_summary(self, history: History, report: SeedReport) -> None:
        """Rows per table, dirt of each kind, and the total."""
        self.stdout.write(f"History from {history.start} to {history.end}, seed {history.seed}")
        for table, count in report.rows.items():
            if count:
                self.stdout.write(f"  {table:<18} {count:>9,} rows")
        for kind, count in report.dirt.items():
            self.stdout.write(self.style.WARNING(f"  {kind:<26} {count:>9,} dirty rows"))
        total = sum(report.rows.values())
        self.stdout.write(
            self.style.SUCCESS(
                f"  {'total':<18} {total:>9,} rows in {report.seconds:.1f} s, references checked"
            )
        )


class AddCommand(SeedCommand):
    """A command that adds rows of one table to the tenants that are there."""

    # Field of Volumes.
    volume: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many rows, and for whom."""
        amount = parser.add_mutually_exclusive_group()
        amount.add_argument("--scale", choices=SCALES, default="small", help="default: small")
        amount.add_argument("--count", type=int, help="rows over all tenants, by their sizes")
        amount.add_argument("--per-tenant", type=int, help="rows for each tenant")
        parser.add_argument("--tenant", help="slug of the only tenant to get some")
        super().add_arguments(parser)

    def handle(self, **options: Any) -> None:
        """Add the rows, print the summary."""
        with as_command_errors():
            addition = self.addition(**options)
            with self.progress(addition.volumes) as on_progress:
                report = add_rows(addition, on_progress=on_progress)
        self.print_summary(addition.history, report)

    def addition(self, **options: Any) -> Addition:
        """What the options ask for."""
        per_tenant, count = options["per_tenant"], options["count"]
        if per_tenant is not None:
            count = per_tenant * (1 if options["tenant"] else count_tenants())
        if count is None:
            count = getattr(SCALES[options["scale"]], self.volume)
        return Addition(
            self.volumes(count, **options),
            history(**options),
            chosen_dirt(**options),
            tenant=options["tenant"],
            equally=per_tenant is not None,
        )

    def volumes(self, rows: int, **_: Any) -> Volumes:
        """So many rows of this command's table."""
        return Volumes(**{self.volume: rows})


@contextmanager
def as_command_errors() -> Iterator[None]:
    """Turns an error of the application into one line and a non-zero exit."""
    try:
        yield
    except CoreError as error:
        raise CommandError(str(error)) from error


def history(*, seed: int, start_date: date | None, end_date: date | None, **_: Any) -> History:
    """The days that the options name. Raises PlanError when there are too few or too many."""
    end = end_date or datetime.now(UTC).date()
    return History(seed, start_date or end - HISTORY, end)


def chosen_dirt(*, dirt: str, **_: Any) -> Dirt:
    """The shares that the option names."""
    return DIRTS[dirt]


def count_tenants() -> int:
    """Tenants that are there."""
    from ..models import Tenant

    return Tenant.objects.count()


def day(text: str) -> date:
    """A day of a command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2026-01-31") from error
