"""A shop floor at work: steps drawn by their weights, at a rate, until it is told to stop."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, models

from ..errors import NothingToChangeError
from ..models import Customer, Tenant
from ..seeding.draw import Chance
from ..services import rules_checked_by_database
from .mix import ACROSS_TENANTS, OPERATIONS, Step
from .pace import Pace
from .shop import Change, Shop, fresh_ids
from .tally import Tally

log = logging.getLogger(__name__)

# After so many draws in a row that found no row to change, there is nothing to do.
TRIES = 500
# Another session took the row: class 40 is a deadlock or a serialization failure, 23503 and 23505
# a reference to a row that has gone, or a key that has come (PostgreSQL manual, appendix A).
LOST_RACES = ("40", "23503", "23505")


@dataclass(frozen=True)
class Plan:
    """What is to happen: which operations, drawn from which seed, in one tenant or all.

    rate is in row changes per second, None for as fast as possible. It ends after `seconds`, or
    after `transactions` were committed, whichever comes first; None sets no such end.
    """

    seed: int
    operations: str = "all"
    tenant: Tenant | None = None
    rate: float | None = None
    seconds: float | None = None
    transactions: int | None = None

    def steps(self) -> dict[Step, float]:
        """Steps and weights."""
        left_out = ACROSS_TENANTS if self.tenant else set()
        return {s: w for s, w in OPERATIONS[self.operations].items() if s not in left_out}


@dataclass
class Report:
    """What happened: every count is of what was committed."""

    tally: Tally = field(default_factory=Tally)
    steps: Counter[str] = field(default_factory=Counter)
    rolled_back: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Row changes per second that were reached."""
        return self.tally.total / self.seconds if self.seconds else 0.0


def simulate(
    plan: Plan,
    *,
    stop: Flag,
    report: Report,
    on_change: Callable[[Change], Any] = lambda change: None,
    on_step: Callable[[Report], Any] = lambda report: None,
) -> None:
    """Run the plan, counting into the report as it goes, so that it is true whenever this ends.

    The same plan on the same rows at the same time makes the same changes. `stop` is looked at
    between steps, so what has begun is completed. A step that another session's change defeats is
    rolled back, counted and left. Raises NothingToChangeError when no step finds a row.
    """
    pace = Pace(plan.rate, wait=stop.wait)
    steps = _Steps(plan)
    with rules_checked_by_database(), report.tally.watching():
        while not (stop.is_set() or _is_over(plan, report, pace)):
            _one_step(steps, report, on_change)
            report.seconds = pace.seconds
            on_step(report)
            pace.keep(report.tally.total, until=plan.seconds)
        report.seconds = pace.seconds


def _is_over(plan: Plan, report: Report, pace: Pace) -> bool:
    is_late = plan.seconds is not None and pace.seconds >= plan.seconds
    return is_late or (
        plan.transactions is not None and report.tally.transactions >= plan.transactions
    )


def _one_step(steps: "_Steps", report: Report, on_change: Callable[[Change], Any]) -> None:
    """The next step that finds rows, or one rollback."""
    for step, shop in steps.draw():
        try:
            for change in step(shop):
                on_change(change)
        except NothingToChangeError:
            report.tally.forget()
            continue
        except (DatabaseError, ObjectDoesNotExist) as error:
            report.tally.forget()
            if not _is_lost_race(error):
                raise
            log.warning("%s rolled back: %s", step.__name__, " ".join(str(error).split()))
            report.rolled_back[step.__name__] += 1
            steps.look_again()
            return
        report.steps[step.__name__] += 1
        if step in ACROSS_TENANTS:
            steps.look_again()
        return


def _is_lost_race(error: Exception) -> bool:
    if isinstance(error, ObjectDoesNotExist):
        return True
    code = getattr(error.__cause__, "pgcode", None)
    # Django's own error, without a cause: an update found its row gone.
    return code.startswith(LOST_RACES) if code else type(error) is DatabaseError


class _Steps:
    """Draws steps, and the tenants in which they happen: those with more customers more often."""

    def __init__(self, plan: Plan) -> None:
        self._chance = Chance(plan.seed, "activity", plan.operations)
        weights = plan.steps()
        self._steps, self._weights = list(weights), list(weights.values())
        self._ids = fresh_ids(plan.seed)
        self._only = plan.tenant
        self.look_again()

    def look_again(self) -> None:
        """Read the tenants anew, after one has come, gone, or been changed by another session."""
        tenants = Tenant.objects.order_by("pk")
        if self._only:
            tenants = tenants.filter(pk=self._only.pk)
        self._tenants = list(tenants)
        if not self._tenants:
            raise NothingToChangeError(
                "there is no tenant; changes up to here are committed; "
                "fill the database with `manage.py seed_all`"
            )
        sizes = dict(
            Customer.objects.values_list("tenant").annotate(models.Count("pk")).order_by("tenant")
        )
        self._sizes = [1 + sizes.get(tenant.pk, 0) for tenant in self._tenants]

    def draw(self) -> Iterator[tuple[Step, Shop]]:
        """Steps to try, one after the other. Raises NothingToChangeError after many in vain."""
        for _ in range(TRIES):
            (step,) = self._chance.choices(self._steps, self._weights)
            (tenant,) = self._chance.choices(self._tenants, self._sizes)
            yield step, Shop(tenant, self._chance, self._ids)
        raise NothingToChangeError(
            f"none of {TRIES} steps found a row to change; changes up to here are committed; "
            "fill the database with `manage.py seed_all`, or choose `--operations all`"
        )
