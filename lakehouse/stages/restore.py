"""Takes one Silver table back to an earlier state, by the job that runs on Glue."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from contracts import Contract
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.stages.lock import writing_silver
from spark_bronze_to_silver.instants import INSTANT_DIGITS, instant_of, is_instant

if TYPE_CHECKING:
    from spark_bronze_to_silver.restore import RestorePlan

MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def plan_restore(home: EmbeddedHome, contract: Contract, to: str) -> "RestorePlan":
    """What a restore would do; nothing is changed.

    to is an instant as Hudi names it, or a moment (UTC): the last commit before it is meant.
    Raises UnreachableInstantError for a state that cannot be read any more, and LakehouseError for
    text that is neither.
    """
    instant = to if is_instant(to) else instant_of(_moment(to))
    from spark_bronze_to_silver import restore as job

    return job.plan_restore(home.places(contract), instant)


def restore(home: EmbeddedHome, contract: Contract, plan: "RestorePlan") -> str:
    """Do what the plan says; returns the commit that completes it."""
    from spark_bronze_to_silver.restore import restore_table

    with writing_silver(home.state):
        return restore_table(home.places(contract), plan.instants)


def _moment(text: str) -> datetime:
    for form in MOMENTS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise LakehouseError(
        f"{text!r} is neither an instant of {INSTANT_DIGITS} digits nor a moment such as "
        "'2026-01-31 12:00:00'; nothing was changed. Without --to the instants are listed."
    )
