"""Histories and previous_status: from the change log, however it arrives.

The expectation is a plain-Python model that reads a log in order, once. Every tenant is a history
of its own, so that one table run tries many.
"""

import datetime as dt
import os
import random
from typing import NamedTuple

import pytest

from contracts import history_of
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze
from tests.fakes.silver_rows import silver_rows

pytestmark = pytest.mark.spark

STATUSES = ("pending", "processing", "completed", "cancelled")
ALLOWED = {
    *(("pending", "processing"), ("processing", "completed")),
    *(("pending", "cancelled"), ("processing", "cancelled")),
}
TENANTS = int(os.environ.get("LAKEHOUSE_HISTORY_TENANTS", "150"))
START = dt.datetime(2026, 1, 1)
LOADS = tuple(START + dt.timedelta(hours=hours) for hours in range(4))
RELOAD = LOADS[1]


class Seen(NamedTuple):
    """A change, or a row of a full load (op L), of one key."""

    at: dt.datetime
    number: int
    key: str
    op: str
    status: str


class Orders:
    """Bronze and Silver of the orders, in a folder of the test's own."""

    def __init__(self, spark, root, contract):
        self.spark, self.root, self.contract = spark, root, contract
        self.number = 0

    def put(self, *seen: Seen, tenant="t", name=None):
        self.put_rows([self.row(s, tenant) for s in seen], name)

    def put_rows(self, rows, name=None):
        self.number += 1
        write_bronze(self.root / "bronze", self.contract, name or cdc_name(self.number), rows)

    def row(self, seen: Seen, tenant):
        moment = f"{seen.at:%Y-%m-%d %H:%M:%S.%f}"
        is_load = seen.op == "L"
        sequence = "" if is_load else f"{seen.at:%Y%m%d%H%M%S}00{seen.number:019d}"
        row = bronze_row(self.contract, "I" if is_load else seen.op, 0, tenant_id=tenant)
        row |= {"id": seen.key, "status": seen.status}
        return row | {"dms_change_seq": sequence, "dms_committed_at": moment}

    def run(self):
        layers = {"bronze": str(self.root / "bronze"), "silver": str(self.root / "silver")}
        return run_table(self.spark, self.contract, **layers)

    def versions(self):
        return silver_rows(self.root / "silver", history_of(self.contract))

    def intervals(self):
        """(status, valid_from, valid_to) of the versions that held, by row, in order of time."""
        found = {}
        for r in sorted(self.versions(), key=lambda r: r.source_order):
            assert r.valid_to is None or r.valid_to >= r.valid_from
            assert r.is_current == (r.valid_to is None)
            versions = found.setdefault((r.tenant_id, r.id), [])
            if r.valid_to != r.valid_from:
                versions.append((r.status, r.valid_from, r.valid_to))
        return found

    def previous(self):
        """(previous_status, whether its transition is flagged) of the live rows."""
        rows = silver_rows(self.root / "silver", self.contract)
        flag = "invalid_status_transition"
        return {
            (r.tenant_id, r.id): (r.previous_status, flag in r.dq_issues)
            for r in rows
            if not r.is_deleted
        }


@pytest.fixture
def orders(spark, tmp_path, contracts):
    return Orders(spark, tmp_path, contracts["order"])


def minute(number):
    return START + dt.timedelta(minutes=number)


def change(number, op, status, at=None, key="a"):
    return Seen(minute(number) if at is None else minute(at), number, key, op, status)


def test_versions_are_half_open_and_a_late_one_takes_its_place(orders):
    orders.put(change(1, "I", "pending"), change(5, "U", "completed"))
    orders.run()
    assert orders.previous() == {("t", "a"): ("pending", True)}

    orders.put(change(3, "U", "processing"))
    orders.run()

    assert orders.intervals() == {
        ("t", "a"): [
            ("pending", minute(1), minute(3)),
            ("processing", minute(3), minute(5)),
            ("completed", minute(5), None),
        ]
    }
    assert orders.previous() == {("t", "a"): ("processing", False)}


def test_of_one_commit_only_the_last_change_held_and_a_delete_ends(orders):
    orders.put(change(1, "I", "pending"), change(2, "U", "processing", at=1))
    orders.put(change(3, "D", "processing"))
    orders.run()
    assert orders.intervals() == {("t", "a"): [("processing", minute(1), minute(3))]}
    assert len(orders.versions()) == 3


def test_a_reload_adds_no_version_and_ends_what_it_does_not_hold(orders):
    orders.put(change(1, "I", "pending"), change(2, "I", "pending", key="lost"))
    orders.run()
    orders.put(Seen(RELOAD, 0, "a", "L", "pending"), name="LOAD00000001.parquet")
    orders.run()
    assert orders.intervals() == {
        ("t", "a"): [("pending", minute(1), None)],
        ("t", "lost"): [("pending", minute(2), RELOAD)],
    }


@pytest.mark.parametrize("runs", [((1,), (2,)), ((2,), (1,)), ((1, 2),)])
def test_a_row_ended_at_the_first_load_that_does_not_hold_it(orders, runs):
    """Whichever load was read first, and though the row is there again when the other one comes."""
    orders.put(change(1, "I", "pending", key="back"), change(2, "I", "pending", key="gone"))
    orders.put(change(200, "I", "completed", key="back"))
    orders.run()
    for loads in runs:
        for load in loads:
            orders.put(Seen(LOADS[load], 0, "x", "L", "pending"), name=f"LOAD0000000{load}.parquet")
        orders.run()
    intervals = orders.intervals()
    assert intervals["t", "gone"] == [("pending", minute(2), LOADS[1])]
    assert intervals["t", "back"] == [
        ("pending", minute(1), LOADS[1]),
        ("completed", minute(200), None),
    ]
    assert intervals["t", "x"] == [("pending", LOADS[1], None)]
    assert orders.previous()["t", "back"] == (None, False)


def test_a_row_that_a_load_did_not_hold_and_the_next_one_does_was_created_again(orders):
    for load, key in ((0, "a"), (1, "other"), (2, "a")):
        orders.put(Seen(LOADS[load], 0, key, "L", "pending"), name=f"LOAD0000000{load}.parquet")
        orders.run()
    assert orders.intervals()["t", "a"] == [
        ("pending", LOADS[0], LOADS[1]),
        ("pending", LOADS[2], None),
    ]


def test_personal_data_is_in_no_history(orders, contracts):
    orders.put(change(1, "I", "pending"))
    orders.run()
    columns = set(orders.versions()[0]._fields)
    personal = {
        c.name for c in (*orders.contract.columns, *orders.contract.derived) if c.is_personal
    }
    assert personal and not personal & columns


def log_of(draw):
    """What the source logged of a tenant's orders, and what four full loads saw, in order.

    Before each reload rows come and go that no change tells of.
    """
    states: dict[str, str] = {k: draw.choice(STATUSES) for k in "ab" if draw.random() < 0.5}
    log, number = [], 0
    for load in LOADS:
        if log:
            states = {k: s for k, s in states.items() if draw.random() < 0.8}
            states |= {k: draw.choice(STATUSES) for k in "abc" if draw.random() < 0.1}
        log += [Seen(load, 0, key, "L", status) for key, status in states.items()]
        for _ in range(draw.randint(0, 5)):
            number += 1
            key, status = draw.choice("abc"), draw.choice(STATUSES)
            at = load + dt.timedelta(minutes=1 + number // 2)
            if key in states and draw.random() < 0.2:
                op = "D"
                states.pop(key)
            else:
                op = "U" if key in states else "I"
                states[key] = status
            log.append(Seen(at, number, key, op, status))
    return log


def model(log):
    """Intervals, and the previous status of live rows, by key."""
    intervals, previous = {}, {}
    for key in {seen.key for seen in log}:
        mine = [s for s in log if s.key == key]
        for load in LOADS:
            if not any(s.at == load and s.op == "L" for s in mine):
                mine.insert(sum(s.at < load for s in mine), Seen(load, 0, key, "D", ""))
        held, current, statuses = [], None, []
        for seen in mine:
            if seen.op == "L" and current and current[0] == seen.status:
                continue
            if current and current[1] < seen.at:
                held.append((*current, seen.at))
            current = None if seen.op == "D" else (seen.status, seen.at)
            if seen.op == "D":
                statuses = []
            elif not statuses or statuses[-1] != seen.status:
                statuses.append(seen.status)
        intervals[key] = held + ([(*current, None)] if current else [])
        if current:
            before = statuses[-2] if len(statuses) > 1 else None
            is_invalid = before is not None and (before, statuses[-1]) not in ALLOWED
            previous[key] = (before, is_invalid)
    return intervals, previous


def deliver_shuffled(orders, logs, draw):
    """All loads and the changes, in four runs, mixed and partly twice; one run is killed."""
    rows = [(tenant, seen) for tenant, log in logs.items() for seen in log]
    changes = [orders.row(seen, tenant) for tenant, seen in rows if seen.op != "L"]
    changes += draw.sample(changes, len(changes) // 5)
    draw.shuffle(changes)
    third = len(changes) // 3 + 1
    files = [(None, changes[start : start + third]) for start in range(0, len(changes), third)]
    for number, at in enumerate(LOADS, start=1):
        loaded = [orders.row(s, tenant) for tenant, s in rows if s.op == "L" and s.at == at]
        files.append((f"LOAD{number:08X}.parquet", loaded))
    draw.shuffle(files)
    for part in (files[:2], files[2:4], files[4:6], files[6:]):
        for name, content in part:
            orders.put_rows(content, name)
        yield


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_any_order_split_repetition_reload_and_kill_ends_the_same(orders, seed, monkeypatch):
    draw = random.Random(seed)
    logs = {f"t{number:04d}": log_of(draw) for number in range(TENANTS)}
    upsert = HudiTable.upsert
    for run, _ in enumerate(deliver_shuffled(orders, logs, draw)):
        if run == 1:
            kill_before(monkeypatch, "order")
            with pytest.raises(KeyboardInterrupt):
                orders.run()
            monkeypatch.setattr(HudiTable, "upsert", upsert)
        orders.run()

    expected = {tenant: model(log) for tenant, log in logs.items()}
    assert orders.intervals() == {
        (tenant, key): held
        for tenant, (found, _) in expected.items()
        for key, held in found.items()
    }
    assert orders.previous() == {
        (tenant, key): found
        for tenant, (_, live) in expected.items()
        for key, found in live.items()
    }
    monkeypatch.setattr(HudiTable, "upsert", None)
    orders.run()  # nothing is unread, so nothing is written


def kill_before(monkeypatch, table):
    """The job dies when it is about to commit this table."""
    upsert = HudiTable.upsert

    def killed(self, rows, notes):
        if self.name == table:
            raise KeyboardInterrupt
        return upsert(self, rows, notes)

    monkeypatch.setattr(HudiTable, "upsert", killed)
