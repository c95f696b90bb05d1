"""Loading tables anew: what Bronze holds then, and what a reader may rely on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lakehouse.dms.change_seq import time_part
from lakehouse.dms.errors import SourceUnreachableError, TaskStateError, UntypableValueError
from lakehouse.dms.settings import DmsSettings
from lakehouse.dms.state import read_state

pytestmark = pytest.mark.postgres

OTHER = "00000000-0000-4000-8000-000000000002"


def loads(landed):
    return [r for r in landed.rows() if r["dms_change_seq"] == ""]


def test_every_row_of_a_load_carries_its_start_by_the_sources_clock(
    source, new_task, landed, contracts
):
    far = datetime(2100, 1, 1, tzinfo=UTC)
    source.execute(source.tenant(), source.tenant(OTHER, "Two"))
    ((before,),) = source.rows("select clock_timestamp() at time zone 'UTC'")
    task = new_task(clock=lambda: far)
    task.full_load()
    ((after,),) = source.rows("select clock_timestamp() at time zone 'UTC'")

    (text,) = {r["dms_committed_at"] for r in loads(landed)}
    assert text.endswith("0000")
    assert f"{before:%Y-%m-%d %H:%M:%S.%f}"[:22] <= text[:22] <= f"{after:%Y-%m-%d %H:%M:%S.%f}"
    assert set(task.load_started()) == set(contracts)
    assert {f"{t:%Y-%m-%d %H:%M:%S.%f}" for t in task.load_started().values()} == {text}


def test_no_change_sorts_before_the_load_even_when_the_servers_clock_steps_back(
    source, task, landed, monkeypatch
):
    future = datetime(2101, 2, 3, 4, 5, 6, 70_000)
    monkeypatch.setattr("lakehouse.dms.load_task.load_start", lambda *_: future)
    source.execute(source.tenant())
    task.full_load()
    source.execute("update core_tenant set name = 'Two'")
    task.catch_up()
    changed = max(landed.rows(), key=lambda r: r["dms_change_seq"])
    assert changed["dms_change_seq"][:16] == "2101020304050607"


def test_a_reload_begins_after_everything_that_was_written(source, task, landed, monkeypatch):
    source.execute(source.tenant())
    task.full_load()
    starts = [task.load_started()["tenant"]]
    for _ in range(3):
        task.reload(["tenant"])
        starts.append(task.load_started()["tenant"])
    assert starts == sorted(set(starts))
    future = datetime(2101, 2, 3, 4, 5, 6, 70_000)
    monkeypatch.setattr("lakehouse.dms.change_task.read_state", ahead(future))
    source.execute("update core_tenant set name = 'Two'")
    task.catch_up()
    monkeypatch.undo()
    task.reload(["tenant"])
    assert task.load_started()["tenant"] == future.replace(microsecond=80_000, tzinfo=UTC)


def ahead(moment):
    """A state whose sequence stands in the future, as after a clock that was set back."""

    def read(path):
        return replace(read_state(path), time_part=time_part(moment))

    return read


def test_a_reload_replaces_the_rows_and_leaves_the_changes(source, task, landed):
    source.execute(source.tenant(), source.tenant(OTHER, "Two"))
    task.full_load()
    source.execute("update core_tenant set name = 'Three' where name = 'Two'")
    task.catch_up()
    source.execute("delete from core_tenant where name = 'Three'")

    report = task.reload(["tenant"])

    assert report.rows_by_table == {"core_tenant": 1} and report.files == 1
    assert [r["name"] for r in loads(landed)] == ["One"]
    assert [r["Op"] for r in landed.rows() if r["dms_change_seq"]] == ["U"]
    task.catch_up()
    assert sorted(r["Op"] for r in landed.rows() if r["dms_change_seq"]) == ["D", "U"]


def test_an_empty_table_has_a_load_start_and_no_file_of_its_own(source, task, landed):
    source.execute(source.tenant())
    task.full_load()
    first = task.load_started()["tenant"]
    source.execute("delete from core_tenant")
    report = task.reload(["tenant"])
    assert report.files == 0
    assert task.load_started()["tenant"] > first
    # The old file stays: its rows carry the old start.
    assert {r["dms_committed_at"] for r in loads(landed)} == {f"{first:%Y-%m-%d %H:%M:%S.%f}"}


def test_left_over_files_of_a_larger_load_stay(source, new_task, landed, monkeypatch):
    monkeypatch.setattr("lakehouse.dms.full_load.BLOCK_BYTES", 200)
    task = new_task(settings=DmsSettings.read().with_target(MaxFileSize=1))
    source.execute(
        *[source.tenant(f"00000000-0000-4000-8000-0000000000{n:02d}", f"T{n}") for n in range(9)]
    )
    task.full_load()
    before = len(landed.files())
    source.execute("delete from core_tenant where name <> 'T1'")
    task.reload()
    assert len(landed.files()) == before > 1
    newest = max(r["dms_committed_at"] for r in loads(landed))
    assert [r["name"] for r in loads(landed) if r["dms_committed_at"] == newest] == ["T1"]


def test_one_table_alone_keeps_the_others(source, task, landed):
    source.execute(source.tenant())
    task.full_load()
    starts = task.load_started()
    task.reload(["order", "tenant"])
    changed = {name for name, start in task.load_started().items() if start != starts[name]}
    assert changed == {"order", "tenant"}


def test_an_unknown_table_is_named(task):
    task.full_load()
    with pytest.raises(TaskStateError, match="no table 'orders'.*customer"):
        task.reload(["orders"])


def test_a_reload_before_the_first_load_is_refused(task):
    with pytest.raises(TaskStateError, match="first full load"):
        task.reload()


def test_a_lost_slot_is_mended_by_loading_all_tables(source, task, landed):
    source.execute(source.tenant())
    task.full_load()
    source.execute(("select pg_drop_replication_slot(%s)", (task.slot,)))
    source.execute("update core_tenant set name = 'Two'")
    with pytest.raises(TaskStateError, match="lakehouse replicate --reload"):
        task.catch_up()
    with pytest.raises(TaskStateError, match="Load all tables"):
        task.reload(["tenant"])

    task.reload()
    source.execute("update core_tenant set name = 'Three'")
    task.catch_up()

    assert [r["name"] for r in loads(landed)] == ["Two"]
    assert [r["name"] for r in landed.rows() if r["Op"] == "U"] == ["Three"]


def test_a_reload_that_fails_leaves_bronze_and_the_task_as_they_were(source, task, landed):
    source.execute(source.tenant())
    task.full_load()
    state, rows = task.state_file.read_text(), landed.rows()
    source.execute("update core_tenant set created_at = 'infinity'")
    with pytest.raises(UntypableValueError):
        task.reload()
    source.execute("update core_tenant set created_at = now(), name = 'Two'")
    assert task.state_file.read_text() == state and landed.rows() == rows


def test_a_stopped_server_is_one_clear_message(task, new_task):
    task.full_load()
    with pytest.raises(SourceUnreachableError, match="lakehouse up"):
        new_task(dsn="host=127.0.0.1 port=9 dbname=x connect_timeout=3").reload()
