"""Writes rows into the database in one transaction, checked before it commits."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from psycopg2.errors import UniqueViolation

from ..errors import NotEmptyError, RowsClashError
from .ahead import made_ahead
from .cleanup import delete_all
from .copy_writer import as_chunks, copy_chunks
from .dirt.soiling import Soiling
from .existing import chosen, new_members, read_members, read_parents
from .generate import Batch, generate, shop_batches
from .plan import Addition, History, SeedPlan, Volumes
from .rows import TABLES
from .shops import open_shops
from .verify import check, count_rows, survey

Progress = Callable[[str, int], Any]


@dataclass(frozen=True)
class SeedReport:
    """What one seeding wrote.

    rows: per table; dirt: rows of each kind; seconds: from the first row to the commit.
    """

    rows: dict[str, int]
    dirt: dict[str, int]
    seconds: float


def seed_database(
    plan: SeedPlan, *, clean: bool = False, on_progress: Progress = lambda *_: None
) -> SeedReport:
    """Seed the eight tables; all rows or none.

    clean empties the tables first. on_progress gets a table and the number of further rows sent.
    Raises NotEmptyError when rows are there and clean is off, SeedIntegrityError when the rows
    contradict each other; the database is then as it was.
    """
    started = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        _wait_for_others(cursor)
        if clean:
            delete_all(cursor)
        _refuse_rows(cursor)
        writer = _Writer(cursor, on_progress)
        writer.write(generate(plan, writer.dirt))
        writer.finish(plan.history, before={}, volumes=plan.volumes)
    return SeedReport(writer.rows, dict(writer.dirt), perf_counter() - started)


def add_rows(addition: Addition, *, on_progress: Progress = lambda *_: None) -> SeedReport:
    """Add rows to the tenants that are there; all rows or none. Numbers go on where they ended.

    Raises NoSuchTenantError, MissingParentsError when rows would have nothing to belong to,
    RowsClashError when the seed's ids are there already, SeedIntegrityError when the rows
    contradict each other; the database is then as it was.
    """
    started = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        # Both surveys see the database of one moment and what this seeding writes, whatever a
        # live application writes meanwhile.
        cursor.execute("set transaction isolation level repeatable read")
        _wait_for_others(cursor)
        before = survey(cursor, addition.history)
        writer = _Writer(cursor, on_progress)
        with _clash_explained(addition.history.seed):
            for batches in _additions(cursor, addition, writer.dirt):
                writer.write(batches)
        writer.finish(addition.history, before=before, volumes=addition.volumes)
    return SeedReport(writer.rows, dict(writer.dirt), perf_counter() - started)


def _additions(cursor: Any, addition: Addition, made: Counter[str]) -> Iterator[Iterable[Batch]]:
    """Batches of one tenant after the other; what they belong to is read before they are made."""
    history, volumes = addition.history, addition.volumes
    members = read_members(cursor)
    newcomers = new_members(history, members, volumes.tenants)
    yield [("core_tenant", [member.tenant for member in newcomers])]
    members = chosen([*members, *newcomers], addition.tenant)
    for shop in open_shops(history, members, volumes, equally=addition.equally):
        if not shop.has_volumes:
            continue
        shop, parents = read_parents(cursor, shop)
        soiling = Soiling(shop, addition.dirt, made)
        yield ((table, soiling.rows(table, rows)) for table, rows in shop_batches(shop, parents))


class _Writer:
    """Writes batches and counts them."""

    def __init__(self, cursor: Any, on_progress: Progress) -> None:
        self._cursor, self._on_progress = cursor, on_progress
        self.rows = dict.fromkeys(TABLES, 0)
        self.dirt: Counter[str] = Counter()
        # Foreign keys are checked after each COPY, so that an error names the table and the
        # server does not queue a check per row until the commit.
        cursor.execute("set constraints all immediate")

    def write(self, batches: Iterable[Batch]) -> None:
        with made_ahead(as_chunks(batches)) as chunks:
            copy_chunks(self._cursor, chunks, self._wrote)

    def finish(self, history: History, *, before: Mapping[str, int], volumes: Volumes) -> None:
        """Let the planner know the rows, and check that all are as they were to be."""
        self._cursor.execute(f"analyze {', '.join(TABLES)}")
        added = {**volumes.by_table(), **self.dirt}
        check(survey(self._cursor, history), before=before, added=added)

    def _wrote(self, table: str, count: int) -> None:
        self.rows[table] += count
        self._on_progress(table, count)


def _wait_for_others(cursor: Any) -> None:
    # Two seedings at the same time: the second waits here, then sees the first one's rows.
    cursor.execute("lock table core_tenant in share row exclusive mode")


def _refuse_rows(cursor: Any) -> None:
    filled = {table: count for table, count in count_rows(cursor).items() if count}
    if filled:
        raise NotEmptyError(
            "the database has rows already "
            f"({', '.join(f'{table}: {count:,}' for table, count in filled.items())}); "
            "nothing was changed; `--clean` deletes them first"
        )


@contextmanager
def _clash_explained(seed: int) -> Iterator[None]:
    try:
        yield
    except UniqueViolation as error:
        raise RowsClashError(
            f"rows that seed {seed} gives are there already ({str(error).splitlines()[0]}); "
            "nothing was changed; choose another --seed"
        ) from error
