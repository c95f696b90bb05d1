"""Writes a plan's rows into the database in one transaction, checked before it commits."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from ..errors import NotEmptyError
from .copy_writer import copy_rows
from .generate import generate
from .plan import SeedPlan
from .rows import TABLES
from .verify import count_rows, verify


@dataclass(frozen=True)
class SeedReport:
    """What one seeding wrote: rows per table, and seconds from the first row to the commit."""

    rows: dict[str, int]
    seconds: float


def seed_database(
    plan: SeedPlan, *, clean: bool = False, on_progress: Callable[[str, int], Any]
) -> SeedReport:
    """Seed the eight tables; all rows or none.

    clean empties the tables first. on_progress gets a table and the number of further rows sent.
    Raises NotEmptyError when rows are there and clean is off, SeedIntegrityError when the rows
    contradict each other; the database is then as it was.
    """
    started = perf_counter()
    rows = dict.fromkeys(TABLES, 0)
    with transaction.atomic(), connection.cursor() as cursor:
        _make_room(cursor, clean=clean)
        # Foreign keys are checked after each COPY, so that an error names the table and the
        # server does not queue a check per row until the commit.
        cursor.execute("set constraints all immediate")
        for table, batch in generate(plan):
            rows[table] += copy_rows(
                cursor, table, batch, lambda count, table=table: on_progress(table, count)
            )
        cursor.execute(f"analyze {', '.join(TABLES)}")
        verify(cursor, plan)
    return SeedReport(rows, perf_counter() - started)


def _make_room(cursor: Any, *, clean: bool) -> None:
    # Two seedings at the same time: the second waits here, then sees the first one's rows.
    cursor.execute("lock table core_tenant in share row exclusive mode")
    if clean:
        # Not truncate: DMS does not carry one, so a running replication would keep every row.
        for table in reversed(TABLES):
            cursor.execute(f"delete from {table}")
        return
    filled = {table: count for table, count in count_rows(cursor).items() if count}
    if filled:
        raise NotEmptyError(
            "the database has rows already "
            f"({', '.join(f'{table}: {count:,}' for table, count in filled.items())}); "
            "nothing was changed; `--clean` deletes them first"
        )
