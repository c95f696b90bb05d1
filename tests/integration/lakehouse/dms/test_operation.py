"""A task in operation: heartbeats, lag, a server that restarts, a lost slot, large loads."""

import os
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pytest

from lakehouse.dms import source as dms_source
from lakehouse.dms.errors import TaskStateError
from lakehouse.dms.heartbeat import TABLE, Heartbeat
from lakehouse.dms.lag import in_words, measure
from lakehouse.dms.settings import DmsSettings
from lakehouse.homes.embedded.postgres import EmbeddedPostgres
from lakehouse.homes.embedded.source_app import manage
from lakehouse.state import REPOSITORY
from tests.integration.lakehouse.dms.conftest import Source
from tests.integration.lakehouse.dms.test_following import wait_until

pytestmark = pytest.mark.postgres


def lag_of(task):
    with dms_source.connect(task.dsn) as connection:
        return measure(connection, task.state_file, datetime.now(UTC))


def alone(dsn, statement):
    """Run a statement that allows no transaction around it."""
    with closing(psycopg2.connect(dsn)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


class Running:
    """A task that runs in a thread until the block ends; `report` is there afterwards."""

    def __init__(self, task):
        self._task, self._stop, self.report, self.error = task, threading.Event(), None, None
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            self.report = self._task.run(self._stop, flush_seconds=0.2)
        except Exception as error:
            self.error = error

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


def test_a_running_task_beats_and_its_heartbeat_is_not_replicated(source, task, landed):
    task.full_load()
    before = lag_of(task)
    with Running(task) as running:
        wait_until(lambda: source.rows(f"select to_regclass('{TABLE}')")[0][0])
        wait_until(lambda: source.rows(f"select beats from {TABLE}") == [(1,)])
        # The beat was written to the log; acknowledged it is when it has come back.
        wait_until(lambda: lag_of(task).behind_bytes <= before.behind_bytes + 8192)
    assert running.error is None and running.report.files == 0
    assert landed.files() == []


def test_heartbeats_keep_their_frequency_and_may_be_refused(source, shop):
    settings = DmsSettings.read().source
    now = [0.0]
    heart = Heartbeat(settings, "slot", clock=lambda: now[0])
    with dms_source.connect(shop) as connection:
        for moment in (0, 299, 300, 301, 601):
            now[0] = moment
            assert heart.beat(connection) == []
    assert source.rows(f"select slot, beats from {TABLE}") == [("slot", 3)]

    elsewhere = settings.model_copy(update={"heartbeat_schema": "nowhere"})
    off = settings.model_copy(update={"heartbeat_enable": False, "heartbeat_schema": "nowhere"})
    with dms_source.connect(shop) as connection:
        (warning,) = Heartbeat(elsewhere, "slot").beat(connection)
        assert Heartbeat(off, "slot").beat(connection) == []
    assert "no heartbeat in schema nowhere" in warning


def test_the_lag_grows_with_what_is_not_replicated_and_goes_back(source, task):
    assert in_words(lag_of(task)) == "not started"
    task.full_load()
    source.execute(source.tenant())
    task.catch_up()
    at_rest = lag_of(task)
    source.execute("update core_tenant set settings = to_jsonb(repeat('x', 1000000))")
    behind = lag_of(task)
    assert behind.behind_bytes > at_rest.behind_bytes + 10_000
    assert 0 < behind.seconds < 60
    assert behind.kept_bytes >= behind.behind_bytes and behind.wal_status == "reserved"
    assert "MB of log behind, the newest change in Bronze is" in in_words(behind)
    task.catch_up()
    assert lag_of(task).behind_bytes < behind.behind_bytes


@pytest.fixture
def small_log(postgres):
    """The server keeps 1 MB of log for a slot."""

    def keep(size):
        dsn = postgres.dsn("postgres")
        alone(dsn, f"alter system set max_slot_wal_keep_size = {size}")
        alone(dsn, "select pg_reload_conf()")

    keep("'1MB'")
    yield
    keep("-1")


def test_a_slot_that_is_too_far_behind_is_lost_with_a_clear_error_and_a_reload_recovers(
    source, task, new_task, landed, small_log
):
    task.full_load()
    source.execute(source.tenant())
    for _ in range(3):
        source.execute("create table if not exists filler (x int)", "select pg_switch_wal()")
        source.execute("insert into filler values (1)")
    alone(source.dsn, "checkpoint")
    assert "--reload" in in_words(lag_of(task))
    with pytest.raises(TaskStateError, match=r"is lost.*max_slot_wal_keep_size"):
        task.catch_up()
    assert landed.files() == []

    new_task().reload()
    source.execute("update core_tenant set name = 'Two'")
    new_task().catch_up()
    assert [r["name"] for r in sorted(landed.rows(), key=lambda r: r["dms_change_seq"])] == [
        "One",
        "Two",
    ]


@pytest.mark.slow
def test_a_running_task_waits_for_a_server_that_restarts(new_task, tmp_path, landed):
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = EmbeddedPostgres(Path(folder) / "data")
        server.start()
        try:
            dsn = server.create_database("restarts")
            manage(dsn, "migrate", "--verbosity", "0", quiet=True)
            source, task = Source(dsn), new_task(dsn=dsn, slot="restarts")
            task.full_load()
            with Running(task) as running:
                source.execute(source.tenant())
                wait_until(landed.rows)
                server.stop()
                server.start()
                source.execute("update core_tenant set name = 'Two'")
                wait_until(lambda: len(landed.rows()) == 2)
            assert running.error is None
            assert any("connection was lost" in w for w in running.report.warnings)
        finally:
            server.stop()
    by_sequence = {r["dms_change_seq"]: r["name"] for r in landed.rows()}
    assert [by_sequence[s] for s in sorted(by_sequence)] == ["One", "Two"]


MEASURED = """
import resource, sys
from pathlib import Path
from contracts import load_contracts
from lakehouse.dms.task import ReplicationTask

dsn, bronze, state, slot = sys.argv[1:]
task = ReplicationTask(
    dsn=dsn, bronze=Path(bronze), state_dir=Path(state), contracts=load_contracts(), slot=slot
)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report = task.catch_up()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, report.rows_by_table)
"""


@pytest.mark.slow
def test_a_transaction_of_300_mb_needs_bounded_memory(source, task, tmp_path):
    task.full_load()
    source.execute(
        "insert into core_tenant select gen_random_uuid(), 'T' || n, 't' || n, null, now(), now(), "
        "true, jsonb_build_object('text', repeat(md5(n::text), 50)) "
        "from generate_series(1, 190000) n"
    )
    arguments = [task.dsn, task.bronze, task.state_file.parent, task.slot]
    result = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    kilobytes, rows = result.stdout.split(maxsplit=1)
    assert rows.strip() == "{'core_tenant': 190000}"
    assert int(kilobytes) < 200_000
