"""A task that is killed anywhere loses nothing, and what it writes again is the same."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from contextlib import closing

import psycopg2
import pytest

from lakehouse.dms.errors import SourceUnreachableError, TaskStateError
from lakehouse.dms.state import read_state
from lakehouse.state import REPOSITORY
from tests.fakes.silver_rule import silver
from tests.integration.lakehouse.dms.conftest import TENANT

pytestmark = pytest.mark.postgres

# A process that kills itself without any clean-up at the given step.
VICTIM = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    from contracts import load_contracts
    from lakehouse.dms.task import ReplicationTask

    dsn, bronze, state, slot, fatal, action = sys.argv[1:]

    def checkpoint(step):
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    task = ReplicationTask(
        dsn=dsn, bronze=Path(bronze), state_dir=Path(state), contracts=load_contracts(),
        slot=slot, checkpoint=checkpoint,
    )
    getattr(task, action)()
""")


def die(task, step, action="catch_up"):
    """Run the task in a process of its own until it is killed at the step."""
    arguments = [task.dsn, task.bronze, task.state_file.parent, task.slot, step, action]
    result = subprocess.run(
        [sys.executable, "-c", VICTIM, *map(str, arguments)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
    )
    assert result.returncode == -signal.SIGKILL, "the process was to die at this step"


def make_changes(source, first, last):
    for number in range(first, last):
        source.execute(
            source.tenant(f"00000000-0000-4000-8000-{number:012d}", f"T{number}"),
            ("update core_tenant set name = name || '!' where slug like %s", (f"t{number}-%",)),
        )


@pytest.mark.parametrize("step", ["before_rename", "renamed", "state_saved", "acknowledged"])
@pytest.mark.slow
def test_a_kill_at_any_step_loses_nothing_and_repeats_exactly(source, new_task, landed, step):
    task = new_task()
    task.full_load()
    make_changes(source, 1, 6)
    die(task, step)
    before = landed.rows()
    make_changes(source, 6, 9)
    new_task().catch_up()

    rows = landed.rows()
    by_sequence = {r["dms_change_seq"]: r for r in rows}
    assert len(by_sequence) == 16
    assert all(by_sequence[r["dms_change_seq"]] == r for r in [*rows, *before])
    ordered = [by_sequence[s] for s in sorted(by_sequence)]
    assert [r["Op"] for r in ordered] == ["I", "U"] * 8
    assert [r["name"] for r in ordered[::2]] == [f"T{n}" for n in range(1, 9)]
    copies = Counter(r["dms_change_seq"] for r in rows)
    assert set(copies.values()) <= {1, 2}


@pytest.mark.slow
def test_killed_again_and_again_it_still_loses_nothing(source, new_task, landed):
    new_task().full_load()
    for number, step in enumerate(["renamed", "before_rename", "state_saved", "renamed"], start=1):
        make_changes(source, number, number + 1)
        die(new_task(), step)
    new_task().catch_up()
    assert {r["name"] for r in landed.rows() if r["Op"] == "U"} == {f"T{n}!" for n in range(1, 5)}


def test_a_load_that_was_killed_leaves_nothing_and_runs_again(
    source, new_task, landed, monkeypatch
):
    source.execute(source.tenant())

    def broken(*_, **__):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr("lakehouse.dms.load_task.write_state", broken)
        new_task().full_load()
    assert landed.files() == []

    new_task().full_load()
    assert len(landed.rows()) == 1


@pytest.mark.slow
def test_a_load_that_was_killed_while_publishing_is_finished(source, new_task, landed):
    source.execute(source.tenant())
    die(new_task(), "load_written", "full_load")
    assert landed.files() == []
    source.execute("update core_tenant set name = 'Two'")

    new_task().catch_up()

    assert [r["name"] for r in landed.rows()] in (["One", "Two"], ["Two", "One"])
    assert landed.leftovers() == []


@pytest.mark.parametrize(
    ("step", "is_lost"),
    [
        ("slot_created", True),
        ("table_loaded", False),
        ("load_written", False),
        ("load_published", True),
    ],
)
@pytest.mark.slow
def test_a_reload_killed_at_any_step_ends_complete(source, new_task, landed, step, is_lost):
    make_changes(source, 1, 4)
    new_task().full_load()
    make_changes(source, 4, 6)
    source.execute("delete from core_tenant where name = 'T1!'")
    if is_lost:
        source.execute(("select pg_drop_replication_slot(%s)", (new_task().slot,)))
    die(new_task(), step, "reload")
    make_changes(source, 6, 7)

    try:
        new_task().catch_up()
    except TaskStateError:
        assert step == "slot_created"
        new_task().reload()
        new_task().catch_up()

    assert current(landed, new_task()) == dict(
        source.rows("select id::text, name from core_tenant")
    )
    assert landed.leftovers() == []


def current(landed, task):
    """Names by id, as Silver takes them: the newest load replaces what sorts before it."""
    return {key: row["name"] for key, row in silver(landed.rows(), task.load_started()).items()}


def test_nothing_to_send_still_moves_the_slot(source, task):
    task.full_load()
    before = read_state(task.state_file).durable_lsn
    source.execute("create table unrelated (x int)", "insert into unrelated values (1)")
    report = task.catch_up()
    assert report.files == 0
    assert read_state(task.state_file).durable_lsn > before


def test_a_huge_transaction_is_spilled_and_complete(source, task, landed, monkeypatch):
    monkeypatch.setattr("lakehouse.dms.stream.MAX_ROWS", 100)
    monkeypatch.setattr("lakehouse.dms.stream.CHUNK_BYTES", 5000)
    task.full_load()
    source.execute(
        "insert into core_tenant select gen_random_uuid(), 'T' || n, 't' || n, null, now(), now(), "
        "true, '{}' from generate_series(1, 1450) n"
    )
    report = task.catch_up()
    assert report.files > 10
    rows = landed.rows()
    assert len({r["dms_change_seq"] for r in rows}) == len(rows) == 1450


def test_load_and_changes_together_are_the_source_while_others_write(source, new_task, landed):
    source.execute(source.tenant())
    stop = threading.Event()

    def write():
        with closing(psycopg2.connect(source.dsn)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            number = 0
            while not stop.is_set():
                number += 1
                key = f"00000000-0000-4000-8000-{number % 7 + 10:012d}"
                cursor.execute("delete from core_tenant where id = %s", (key,))
                if number % 3:
                    cursor.execute(*source.tenant(key, f"T{number}"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        new_task().full_load()
        for _ in range(4):
            time.sleep(0.1)
            new_task().catch_up()
    finally:
        stop.set()
        writer.join()
    new_task().catch_up()

    state = {}
    for row in sorted(landed.rows(), key=lambda r: r["dms_change_seq"]):
        state[row["id"]] = None if row["Op"] == "D" else row["name"]
    live = {key: name for key, name in state.items() if name is not None}
    assert live == dict(source.rows("select id::text, name from core_tenant"))
    assert TENANT in live


def test_a_second_full_load_is_refused(task):
    task.full_load()
    with pytest.raises(TaskStateError, match="full load is done"):
        task.full_load()


def test_load_files_without_a_state_are_refused(source, task, landed):
    source.execute(source.tenant())
    task.full_load()
    task.drop()
    with pytest.raises(TaskStateError, match="no task state"):
        task.full_load()
    assert len(landed.rows()) == 1


def test_changes_before_any_load_are_refused(task):
    with pytest.raises(TaskStateError, match="Run the full load first"):
        task.catch_up()


def test_a_lost_slot_is_refused(source, task):
    task.full_load()
    source.execute(("select pg_drop_replication_slot(%s)", (task.slot,)))
    with pytest.raises(TaskStateError, match="is gone"):
        task.catch_up()


def test_a_state_that_is_older_than_the_slot_is_refused(source, task):
    task.full_load()
    old = task.state_file.read_text()
    source.execute(source.tenant())
    task.catch_up()
    task.state_file.write_text(old)
    with pytest.raises(TaskStateError, match="older than what slot"):
        task.catch_up()


def test_another_server_is_refused(task):
    task.full_load()
    text = task.state_file.read_text()
    identifier = read_state(task.state_file).system_identifier
    task.state_file.write_text(text.replace(identifier, "1"))
    with pytest.raises(TaskStateError, match="another server"):
        task.catch_up()


def test_a_broken_state_file_is_named(task):
    task.full_load()
    task.state_file.write_text("{")
    with pytest.raises(TaskStateError, match="task.json"):
        task.catch_up()


def test_a_stopped_server_is_one_clear_message(task, new_task):
    task.full_load()
    with pytest.raises(SourceUnreachableError, match="lakehouse up"):
        new_task(dsn="host=127.0.0.1 port=9 dbname=x connect_timeout=3").catch_up()


@pytest.mark.parametrize("step", ["slot_created", "load_written", "load_published"])
@pytest.mark.slow
def test_a_full_load_killed_at_any_step_ends_complete(source, new_task, landed, step):
    source.execute(source.tenant())
    die(new_task(), step, "full_load")
    source.execute("update core_tenant set name = 'Two'")

    if not new_task().is_started():
        new_task().full_load()
    new_task().catch_up()

    last = max(landed.rows(), key=lambda r: r["dms_change_seq"])
    assert last["name"] == "Two"
    assert sum(r["dms_change_seq"] == "" for r in landed.rows()) == 1
    assert [p for p in landed.leftovers() if p.is_file()] == []
