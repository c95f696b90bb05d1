"""Entry point on Glue and by hand: one table from Bronze to Silver, and what mends that table.

python -m spark_bronze_to_silver.job --table order --bronze s3://... --silver s3://...
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from contracts import ContractError, load_contracts
from spark_bronze_to_silver.accounts import Accounts
from spark_bronze_to_silver.catalog import register
from spark_bronze_to_silver.errors import SilverJobError
from spark_bronze_to_silver.instants import INSTANT_DIGITS, is_instant
from spark_bronze_to_silver.metrics import metrics_line
from spark_bronze_to_silver.redrive import redrive_table
from spark_bronze_to_silver.restore import plan_restore, restore_table
from spark_bronze_to_silver.session import build_session
from spark_bronze_to_silver.settings import TIME_TRAVEL_DAYS
from spark_bronze_to_silver.to_silver import Places, places, run_table

ENFORCE, RECORD = "enforce", "record"
MERGE, REDRIVE, PLAN, RESTORE = "merge", "redrive", "restore-plan", "restore"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when the action is done, 1 with a message when it is not."""
    options = _parse(arguments)
    started = time.monotonic()
    try:
        contracts = load_contracts()
        if options.table not in contracts:
            raise SilverJobError(
                f"unknown table {options.table!r}; nothing was done. Tables with a contract: "
                f"{', '.join(contracts)}"
            )
        spark, contract = build_session(), contracts[options.table]
        lake = {
            "bronze": options.bronze,
            "silver": options.silver,
            "time_travel_days": options.time_travel_days,
        }
        at = places(spark, contract, **lake)
        if options.action != MERGE:
            print("\n".join(_mend(at, options.action, options.to)))
            return 0
        result = run_table(
            spark,
            contract,
            **lake,
            load_started=options.load_started,
            quarantine_limit=options.quarantine_limit,
            enforce_quality=options.quality_gate == ENFORCE,
        )
        if options.catalog_database:
            # Also after a run with nothing to do: the one before may have died in between.
            for table in at.tables:
                register(table, options.catalog_database)
    except Exception as error:
        _emit(options.table, None, time.monotonic() - started, committed=False)
        if not isinstance(error, (SilverJobError, ContractError)):
            raise
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(result)
    _emit(options.table, result, result.seconds, committed=result.instant is not None)
    return 0


def _mend(at: Places, action: str, to: str | None) -> list[str]:
    """Do what puts a table right, or tell what it would do; returns the lines that say so."""
    if action == REDRIVE:
        return [str(redrive_table(at))]
    if not to:
        kept = at.table.timeline().instants
        raise SilverJobError(
            f"{at.contract.name}: --action {action} needs --to; nothing was done. States that can "
            f"be read: {', '.join(kept) or 'none'}"
        )
    plan = plan_restore(at, to)
    told = [*map(str, plan.differences), f"{plan.files} Bronze files to be read again"]
    if action == PLAN:
        return [*told, "nothing was changed"]
    instant = restore_table(at, plan.instants)
    return [*told, f"restored by commit {instant}; the next run reads those files"]


def _emit(table: str, counts: Accounts | None, seconds: float, *, committed: bool) -> None:
    now = datetime.now(UTC)
    print(metrics_line(table, now, counts=counts, seconds=seconds, committed=committed))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Merge a table's unread Bronze files into Silver.")
    parser.add_argument("--table", required=True, help="Silver table name, such as order")
    parser.add_argument("--bronze", required=True, help="root of the Bronze layer")
    parser.add_argument("--silver", required=True, help="root of the Silver layer")
    parser.add_argument(
        "--action",
        choices=(MERGE, REDRIVE, PLAN, RESTORE),
        default=MERGE,
        help="instead of merging: try what lies in the quarantine again, or take the table back to "
        "an earlier commit, or only tell what that would change",
    )
    parser.add_argument("--to", type=_instant, help="instant to restore, such as 20260131120000123")
    parser.add_argument(
        "--catalog-database",
        help="Glue database in which the table and those derived from it are registered; without "
        "it no catalog is told",
    )
    parser.add_argument(
        "--load-started",
        type=datetime.fromisoformat,
        help="start of the newest full load in ISO form, UTC when it names no zone; needed only "
        "for a table that was empty then, since DMS writes no file for it",
    )
    parser.add_argument(
        "--quarantine-limit",
        type=float,
        help="share of the batch's rows that may go to the quarantine, instead of the contract's",
    )
    parser.add_argument(
        "--time-travel-days",
        type=int,
        default=TIME_TRAVEL_DAYS,
        help="how long past states of the table can be read",
    )
    parser.add_argument(
        "--quality-gate",
        choices=(ENFORCE, RECORD),
        default=ENFORCE,
        help="whether rows that break a critical rule of the contract stop the table",
    )
    # Glue adds arguments of its own, such as --JOB_NAME.
    return parser.parse_known_args(arguments)[0]


def _instant(text: str) -> str:
    if not is_instant(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no instant of {INSTANT_DIGITS} digits; nothing was done"
        )
    return text


if __name__ == "__main__":
    sys.exit(main())
