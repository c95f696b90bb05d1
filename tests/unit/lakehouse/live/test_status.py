"""What a stage says of itself, and how long changes took."""

import io
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from lakehouse.errors import LakehouseError
from lakehouse.live.latency import WINDOW_SECONDS, Latencies, NewFiles
from lakehouse.live.status import Latency, StageStatus, read_status, write_status
from lakehouse.live.supervisor import Stage, Supervisor
from lakehouse.live.view import Rates, live_table
from lakehouse.live.watch import _alone
from lakehouse.stages import lock
from lakehouse.stages.lock import writing_silver
from lakehouse.state import State
from tests.fakes.bronze import COMMITTED_AT, bronze_row, cdc_name, write_bronze

AT = datetime.strptime(f"{COMMITTED_AT}+0000", "%Y-%m-%d %H:%M:%S.%f%z").timestamp()


def test_a_status_survives_its_file(tmp_path):
    status = StageStatus("silver", 7, rows=3, horizon=1.5, latency=Latency(2, 0.5, 0.9, 1.0))
    write_status(State(tmp_path), status)
    assert read_status(State(tmp_path), "silver") == status
    assert read_status(State(tmp_path), "gold") is None


def test_an_idle_cycle_moves_the_horizon_and_keeps_the_last_duration():
    worked = StageStatus("silver", 7).after_cycle(rows=5, horizon=10, seconds=3, ended_at=13)
    idle = worked.after_cycle(rows=0, horizon=20, seconds=0.1, ended_at=21)
    assert (idle.rows, idle.cycles, idle.seconds, idle.horizon) == (5, 2, 3, 20)
    assert (
        replace(idle, error="x").after_cycle(rows=0, horizon=None, seconds=1, ended_at=1).error
        == ""
    )


def test_latency_is_that_of_every_change_and_of_no_loaded_row(tmp_path, contracts):
    order = contracts["order"]
    rows = [bronze_row(order, "I", n, id=str(n)) for n in range(1, 4)]
    load = write_bronze(tmp_path, order, "LOAD00000001.parquet", rows)
    changes = [write_bronze(tmp_path, order, cdc_name(n), rows) for n in (1, 2)]
    latencies = Latencies()
    broken = load.with_name("20260103-000000001.parquet")
    broken.write_bytes(load.read_bytes()[:200])
    latencies.arrived([load, broken], AT + 900)
    assert latencies.summary(AT + 900) == Latency()
    latencies.arrived(changes[:1], AT + 2)
    latencies.arrived(changes[1:], AT + 10)
    assert latencies.summary(AT + 10) == pytest.approx(Latency(6, 6.0, 10.0, 10.0))
    assert latencies.summary(AT + 3 + WINDOW_SECONDS).changes == 3


def test_files_are_new_once_and_again_when_their_batch_failed(tmp_path, contracts):
    order = contracts["order"]
    row = bronze_row(order, "I", 1)
    first = write_bronze(tmp_path, order, "LOAD00000001.parquet", [row])
    files = NewFiles(tmp_path, {"order": order, "event": contracts["event"]})
    assert files.look() == {"order": [first]}
    assert files.look() == {}
    second = write_bronze(tmp_path, order, cdc_name(1), [row])
    (first.parent / ".hidden.parquet.tmp").touch()
    assert files.look() == {"order": [second]}
    files.forget({"order": [second]})
    assert files.look() == {"order": [second]}
    third = write_bronze(tmp_path, order, cdc_name(2), [row])
    assert files.look_at("event") == []
    assert files.look_at("order") == [third]
    assert files.look() == {}
    os.utime(first, (1, 1))
    assert files.look() == {"order": [first]}, "a reload has written it anew"


def test_the_view_says_what_is_down_and_what_fails(tmp_path):
    supervisor = Supervisor({"replicate": Stage([]), "silver": Stage([])}, tmp_path, {})
    supervisor.stages["silver"].restarts = 2
    statuses = {
        "replicate": None,
        "silver": StageStatus("silver", 1, horizon=datetime.now(UTC).timestamp(), error="a table"),
    }
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(live_table(statuses, supervisor, Rates()))
    text = console.export_text()
    assert "Silver to Gold" not in text
    assert "down" in text
    assert "a table" in text


def test_one_live_mode_at_a_time(tmp_path):
    with _alone(State(tmp_path)), pytest.raises(LakehouseError, match="another `lakehouse watch`"):
        _alone(State(tmp_path)).__enter__()


def test_one_writer_of_silver_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.05)
    state, refused = State(tmp_path), "another process writes Silver"
    with writing_silver(state), pytest.raises(LakehouseError, match=refused):
        writing_silver(state).__enter__()
    with writing_silver(state):
        pass
