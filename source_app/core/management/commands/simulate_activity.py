"""`manage.py simulate_activity`: a live database under load, as its users would make it."""

import signal
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from ...activity import OPERATIONS, Change, Plan, Report, simulate
from ...errors import CoreError
from ...models import Tenant

RATE, MINUTES = 20.0, 1.0
SECONDS_BETWEEN_LINES = 10
HELD = 0.95
LINE = "{action:<46}{table:<19}{row_id!s:<38}{detail}"


class Command(BaseCommand):
    """Reads the options, runs the plan until it is over or a signal comes, prints what it did."""

    help = (
        "Change the live database at a steady rate: orders with items and events, status progress, "
        "payments, stock, plan changes, customers and tenants that leave, rows deleted and "
        "re-created. Ctrl-C completes the current step, prints the summary and exits with 0."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument(
            "--duration", type=_positive, metavar="MINUTES", help=f"default: {MINUTES:g}"
        )
        parser.add_argument(
            "--transactions", type=int, metavar="N", help="stop after N commits, however long"
        )
        parser.add_argument(
            "--rate",
            type=_rate,
            metavar="N",
            help=f"row changes per second, 0 for as fast as possible; default: {RATE:g}, "
            "with --transactions 0",
        )
        parser.add_argument("--operations", choices=OPERATIONS, default="all")
        parser.add_argument("--tenant", help="slug or id; default: all tenants")
        parser.add_argument("--seed", type=int, default=42, help="which steps and rows are drawn")

    def handle(self, *, verbosity: int, **options: Any) -> None:
        """Simulate and report; the summary is printed however it ends."""
        plan, report, stop = _plan(**options), Report(), Flag()
        self._next_line = SECONDS_BETWEEN_LINES
        self.stdout.write(_announcement(plan))
        try:
            with _raised_by_signals(stop):
                simulate(
                    plan,
                    stop=stop,
                    report=report,
                    on_change=self._print_change if verbosity > 1 else lambda change: None,
                    on_step=self._print_progress,
                )
        except CoreError as error:
            raise CommandError(str(error)) from error
        finally:
            self._print_summary(plan, report, is_stopped=stop.is_set())

    def _print_change(self, change: Change) -> None:
        self.stdout.write(LINE.format(**vars(change)))

    def _print_progress(self, report: Report) -> None:
        if report.seconds >= self._next_line:
            self._next_line += SECONDS_BETWEEN_LINES
            self.stdout.write(
                f"{report.seconds:>8.0f} s  {report.tally.total:>10,} row changes  "
                f"{report.rate:>8,.0f}/s"
            )

    def _print_summary(self, plan: Plan, report: Report, *, is_stopped: bool) -> None:
        self.stdout.write("stopped by a signal" if is_stopped else "done")
        for name, count in sorted(report.steps.items()):
            self.stdout.write(f"  {name:<24} {count:>9,}")
        for name, count in sorted(report.rolled_back.items()):
            self.stdout.write(self.style.WARNING(f"  {name:<24} {count:>9,} rolled back"))
        self.stdout.write(f"  {'table':<20} {'insert':>9} {'update':>9} {'delete':>9}")
        for table in sorted({table for table, _ in report.tally.changes}):
            counts = [report.tally.changes[table, op] for op in ("insert", "update", "delete")]
            self.stdout.write(f"  {table:<20} " + " ".join(f"{count:>9,}" for count in counts))
        self.stdout.write(_outcome(plan, report))


@contextmanager
def _raised_by_signals(stop: Flag) -> Iterator[None]:
    """Ctrl-C and SIGTERM raise the flag; a second one acts as it would without this."""
    old = {}

    def raise_flag(*_: Any) -> None:
        stop.set()
        for number, handler in old.items():
            signal.signal(number, handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        old[number] = signal.signal(number, raise_flag)
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def _plan(
    *,
    duration: float | None,
    transactions: int | None,
    rate: float | None,
    operations: str,
    tenant: str | None,
    seed: int,
    **_: Any,
) -> Plan:
    if transactions is None and duration is None:
        duration = MINUTES
    if rate is None:
        rate = 0.0 if transactions is not None else RATE
    return Plan(
        seed=seed,
        operations=operations,
        tenant=_tenant(tenant) if tenant else None,
        rate=rate or None,
        seconds=duration * 60 if duration else None,
        transactions=transactions,
    )


def _tenant(name: str) -> Tenant:
    try:
        by_id = {"pk": UUID(name)}
    except ValueError:
        by_id = {"slug": name}
    found = Tenant.objects.filter(**by_id).first()
    if found is None:
        slugs = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(
            f"there is no tenant {name!r}; nothing was changed; "
            f"{f'choose one of {slugs}' if slugs else 'run `manage.py seed_all` first'}"
        )
    return found


def _announcement(plan: Plan) -> str:
    ends = [f"{plan.seconds:g} s"] if plan.seconds else []
    ends += [f"{plan.transactions:,} transactions"] if plan.transactions is not None else []
    rate = f"{plan.rate:g} row changes/s" if plan.rate else "as fast as possible"
    where = plan.tenant.slug if plan.tenant else "all tenants"
    return (
        f"{plan.operations} in {where}, {rate}, until {' or '.join(ends)}, seed {plan.seed}; "
        "Ctrl-C stops it cleanly"
    )


def _outcome(plan: Plan, report: Report) -> str:
    text = (
        f"{report.tally.total:,} row changes in {report.tally.transactions:,} transactions, "
        f"{report.seconds:.1f} s, {report.rate:,.1f} row changes/s"
    )
    if not plan.rate:
        return text
    verdict = "held" if report.rate >= HELD * plan.rate else "NOT held: this machine is too slow"
    return f"{text}; wanted {plan.rate:g}/s: {verdict}"


def _positive(text: str) -> float:
    value = _rate(text)
    if not value:
        raise ArgumentTypeError("must be above 0")
    return value


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a number") from error
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return value
