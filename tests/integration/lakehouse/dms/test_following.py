"""Replication that goes on: continuous mode, readers that are killed, others at the same slot."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import psycopg2
import pytest

from lakehouse.dms.errors import SourceUnreachableError, TaskStateError
from lakehouse.dms.slot import start
from lakehouse.dms.source import parse_lsn
from lakehouse.dms.state import read_state
from lakehouse.state import REPOSITORY
from tests.integration.lakehouse.dms.conftest import TENANT

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

RUNNER = """
import sys, threading
from pathlib import Path
from contracts import load_contracts
from lakehouse.dms.task import ReplicationTask

dsn, bronze, state, slot = sys.argv[1:]
task = ReplicationTask(
    dsn=dsn, bronze=Path(bronze), state_dir=Path(state), contracts=load_contracts(), slot=slot
)
task.run(threading.Event(), flush_seconds=0.5)
"""


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def confirmed(source, task):
    ((text,),) = source.rows(
        f"select confirmed_flush_lsn from pg_replication_slots where slot_name = '{task.slot}'"
    )
    return parse_lsn(text)


@pytest.fixture
def running(task):
    """A task that runs in a process of its own."""
    task.full_load()
    arguments = [task.dsn, task.bronze, task.state_file.parent, task.slot]
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER, *map(str, arguments)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    yield process
    process.kill()
    process.wait()


def test_changes_arrive_while_it_runs_and_it_stops_when_told(source, task, landed, monkeypatch):
    monkeypatch.setattr("lakehouse.dms.change_task.ACKNOWLEDGE_SECONDS", 0.5)
    task.full_load()
    stop, reports = threading.Event(), []
    runner = threading.Thread(target=lambda: reports.append(task.run(stop, flush_seconds=0.2)))
    runner.start()
    try:
        for number in range(1, 4):
            source.execute(source.tenant(f"00000000-0000-4000-8000-{number:012d}", f"T{number}"))
            wait_until(lambda n=number: len(landed.rows()) == n)
            time.sleep(0.4)
    finally:
        stop.set()
        runner.join(timeout=20)
    (report,) = reports
    assert report.rows_by_table == {"core_tenant": 3} and report.transactions == 3
    assert report.files == 3 and report.bytes == sum(f.stat().st_size for f in landed.files())
    assert confirmed(source, task) == read_state(task.state_file).durable_lsn


@pytest.mark.slow
def test_a_reader_killed_amid_other_activity_goes_on(source, task, landed, running):
    source.execute("create table unrelated (x int)", source.tenant())
    wait_until(landed.rows)
    for _ in range(40):
        source.execute("insert into unrelated values (1)")
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    source.execute("update core_tenant set name = 'Two'")

    task.catch_up()
    assert {r["name"] for r in landed.rows()} == {"One", "Two"}


@pytest.mark.slow
def test_overlapping_transactions_are_never_acknowledged_before_their_file(
    source, task, landed, running
):
    early = psycopg2.connect(source.dsn)
    with early.cursor() as cursor:
        cursor.execute(*source.tenant(name="Early"))
    source.execute(source.tenant("00000000-0000-4000-8000-000000000002", "Late"))
    wait_until(landed.rows)
    assert confirmed(source, task) <= read_state(task.state_file).durable_lsn
    early.commit()
    early.close()
    os.kill(running.pid, signal.SIGKILL)
    running.wait()

    task.catch_up()
    assert {r["name"] for r in landed.rows()} == {"Early", "Late"}


@pytest.mark.slow
def test_a_second_reader_of_the_slot_is_refused(source, new_task, task, landed, running, tmp_path):
    """The lock keeps a task's own programs apart; the server those with another state."""
    source.execute(source.tenant())
    wait_until(landed.rows)
    copied = shutil.copytree(task.state_file.parent, tmp_path / "copied")
    with pytest.raises((SourceUnreachableError, TaskStateError), match=task.slot):
        new_task(state_dir=copied).catch_up()


@pytest.mark.slow
def test_a_reload_takes_its_turn_with_a_task_that_runs(source, task, landed, monkeypatch):
    monkeypatch.setattr("lakehouse.dms.change_task.ACKNOWLEDGE_SECONDS", 0.5)
    source.execute(source.tenant())
    task.full_load()
    stop = threading.Event()
    runner = threading.Thread(target=lambda: task.run(stop, flush_seconds=0.1))
    runner.start()
    try:
        task.reload(["tenant"])
        started = task.load_started()["tenant"]
        source.execute("update core_tenant set name = 'Two'")
        wait_until(lambda: any(r["Op"] == "U" for r in landed.rows()))
    finally:
        stop.set()
        runner.join()
    assert task.load_started()["tenant"] == started
    loaded, changed = sorted(landed.rows(), key=lambda r: r["Op"])
    assert (
        changed["dms_change_seq"][:16] >= f"{started:%Y%m%d%H%M%S}{started.microsecond // 10000:02}"
    )
    assert loaded["dms_committed_at"] == f"{started:%Y-%m-%d %H:%M:%S.%f}"


def test_a_slot_of_another_lakehouse_is_left_alone(source, new_task, tmp_path):
    new_task().full_load()
    other = new_task(bronze=tmp_path / "other", state_dir=tmp_path / "other-dms")
    with pytest.raises(TaskStateError, match="pg_drop_replication_slot"):
        other.full_load()
    source.execute(source.tenant())
    assert new_task().catch_up().rows_by_table == {"core_tenant": 1}


def test_drop_removes_slot_and_state_and_can_be_repeated(source, task):
    task.full_load()
    task.drop()
    task.drop()
    assert not task.is_started()
    assert source.rows(f"select 1 from pg_replication_slots where slot_name = '{task.slot}'") == []


def test_a_load_whose_hidden_file_was_removed_is_not_taken_as_complete(
    source, new_task, landed, monkeypatch
):
    class KilledError(BaseException):
        pass

    def kill(step):
        if step == "load_written":
            raise KilledError

    source.execute(source.tenant())
    with pytest.raises(KilledError):
        new_task(checkpoint=kill).full_load()
    (hidden,) = [p for p in landed.leftovers() if p.is_file()]
    hidden.unlink()
    with pytest.raises(TaskStateError, match="Bronze is not complete"):
        new_task().catch_up()


def test_the_sequence_goes_on_over_many_readings(source, task, landed):
    task.full_load()
    for number in range(5):
        source.execute(source.tenant(TENANT[:-1] + str(number), f"T{number}"))
        task.catch_up()
    counters = sorted(int(r["dms_change_seq"][16:]) for r in landed.rows())
    assert counters == [1, 2, 3, 4, 5]


def test_a_quiet_time_before_the_first_change_is_acknowledged_only_after_the_state_has_it(
    source, task, monkeypatch
):
    """psycopg2 takes it as acknowledged, and says so with the next feedback."""
    task.full_load()

    def busy_start(*args, **how):
        is_binary = start(*args, **how)
        source.execute("create table unrelated ()", "drop table unrelated")
        time.sleep(0.3)  # for a keep-alive that the reading finds together with the change
        source.execute(source.tenant())
        time.sleep(0.2)
        return is_binary

    monkeypatch.setattr("lakehouse.dms.change_task.start", busy_start)
    stop = threading.Event()
    thread = threading.Thread(target=lambda: task.run(stop, flush_seconds=60))
    thread.start()
    seen = []
    try:
        for _ in range(30):
            acknowledged = confirmed(source, task)
            seen.append((acknowledged, read_state(task.state_file).durable_lsn))
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join()
    assert all(acknowledged <= durable for acknowledged, durable in seen)
