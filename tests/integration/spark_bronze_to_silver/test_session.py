"""Sessions follow the live events, whatever arrives in whatever order.

The expectation is a plain-Python model. Every tenant is a history of its own, so that one table
run tries many.
"""

import datetime as dt
import json
import os
import random
from collections import defaultdict

import pytest

from contracts import derived_tables, load_contracts
from spark_bronze_to_silver.hudi_table import HudiTable
from spark_bronze_to_silver.tables.session import derive
from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze
from tests.fakes.silver_rows import silver_rows

pytestmark = pytest.mark.spark

(SESSION,) = derived_tables([load_contracts()["event"]])
START = dt.datetime(2026, 1, 1)
FUNNEL = ["page_view", "product_view", "add_to_cart", "checkout", "purchase"]
TYPES = [*FUNNEL, "search", "click"]
TENANTS = int(os.environ.get("LAKEHOUSE_SESSION_TENANTS", "150"))


def minute(number):
    return START + dt.timedelta(minutes=number)


EVENT = (
    "tenant_id string, id string, session_id string, customer_id string, event_type string, "
    "created_at timestamp, page_url string, source_order string"
)


def sessions_of(spark, *events):
    """Session rows by key; an event is (id, type, moment, page, customer)."""
    rows = [("t", i, "s", customer, kind, at, page, "1") for i, kind, at, page, customer in events]
    return {r.session_key: r for r in derive(spark.createDataFrame(rows, EVENT)).collect()}


def test_a_duration_is_the_nearest_double(spark):
    """Not the difference of two: seconds since 1970 are exact to a quarter of a microsecond."""
    later = minute(0) + dt.timedelta(microseconds=1)
    events = [(name, "click", at, None, None) for name, at in (("a", minute(0)), ("b", later))]
    (visit,) = sessions_of(spark, *events).values()
    assert visit.duration_seconds == 0.000001


def test_a_visit_in_numbers(spark):
    (visit,) = sessions_of(
        spark,
        ("a", "search", minute(0), None, None),
        ("b", "page_view", minute(1), "/", "ann"),
        ("c", "add_to_cart", minute(2), "/cart", None),
        ("d", "add_to_cart", minute(2) + dt.timedelta(milliseconds=500), None, "bob"),
    ).values()
    assert (visit.started_at, visit.duration_seconds) == (minute(0), 120.5)
    assert (visit.event_count, visit.page_views, visit.searches, visit.add_to_carts) == (4, 1, 1, 2)
    assert (visit.product_views, visit.clicks, visit.checkouts, visit.purchases) == (0, 0, 0, 0)
    assert (visit.entry_page, visit.exit_page, visit.customer_id) == ("/", "/cart", "bob")
    assert (visit.furthest_step, visit.is_bounce, visit.is_converted) == (
        *("add_to_cart", False, False),
    )


def test_only_a_pause_of_more_than_thirty_minutes_ends_a_visit(spark):
    border = minute(31) + dt.timedelta(microseconds=1)
    found = sessions_of(
        spark,
        ("a", "page_view", minute(1), None, None),
        ("b", "purchase", minute(31), None, None),
        ("c", "page_view", border + dt.timedelta(minutes=30), None, None),
    )
    assert {k: (v.event_count, v.is_bounce, v.is_converted) for k, v in found.items()} == {
        "s-1": (2, False, True),
        "s-2": (1, True, False),
    }


def test_a_lone_event_that_is_no_page_view_is_no_bounce(spark):
    (visit,) = sessions_of(spark, ("a", "search", minute(0), None, None)).values()
    assert (visit.is_bounce, visit.furthest_step) == (False, None)


def log_of(draw):
    """Changes of a tenant's events: (id, op, session, type, minute, customer)."""
    return [
        (
            *(draw.choice("abcd"), draw.choice("IIUUD"), draw.choice("xy"), draw.choice(TYPES)),
            *(draw.randrange(0, 150, 10), draw.choice([None, "ann"])),
        )
        for _ in range(draw.randint(1, 8))
    ]


def model(log):
    """(started, ended, events, bounce, converted, furthest step, customer) by session key."""
    last = {change[0]: change for change in log}
    visits = defaultdict(list)
    for key, op, session, kind, at, customer in last.values():
        if op != "D":
            visits[session].append((at, key, kind, customer))
    found = {}
    for session, events in visits.items():
        parts = []
        for event in sorted(events, key=lambda e: e[:2]):
            if not parts or event[0] - parts[-1][-1][0] > 30:
                parts.append([])
            parts[-1].append(event)
        for number, part in enumerate(parts, start=1):
            kinds = [kind for _, _, kind, _ in part]
            steps = [step for step in FUNNEL if step in kinds]
            found[f"{session}-{number}"] = (
                *(minute(part[0][0]), minute(part[-1][0]), len(part)),
                *(kinds == ["page_view"], "purchase" in kinds, steps[-1] if steps else None),
                next((c for *_, c in reversed(part) if c), None),
            )
    return found


def stored(silver):
    columns = ("started_at", "ended_at", "event_count", "is_bounce", "is_converted")
    columns += ("furthest_step", "customer_id")
    rows = silver_rows(silver, SESSION, "tenant_id", "session_key", *columns)
    return {(r[0], r[1]): tuple(r)[2:] for r in rows}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_any_order_split_and_repetition_ends_in_the_same_sessions(spark, tmp_path, contracts, seed):
    draw, contract = random.Random(seed), contracts["event"]
    logs = {f"t{number:04d}": log_of(draw) for number in range(TENANTS)}
    arriving = [
        bronze_row(
            *(contract, op, seq),
            id=key,
            tenant_id=tenant,
            session_id=session,
            event_type=kind,
            customer_id=customer,
            created_at=minute(at),
            event_data=json.dumps({"url": "/"}),
        )
        for tenant, log in logs.items()
        for seq, (key, op, session, kind, at, customer) in enumerate(log, start=1)
    ]
    arriving += draw.sample(arriving, len(arriving) // 5)
    draw.shuffle(arriving)
    third = len(arriving) // 3 + 1
    for number, start in enumerate(range(0, len(arriving), third), start=1):
        write_bronze(
            tmp_path / "bronze", contract, cdc_name(number), arriving[start : start + third]
        )
        layers = {"bronze": str(tmp_path / "bronze"), "silver": str(tmp_path / "silver")}
        run_table(spark, contract, **layers)

    expected = {(t, key): found for t, log in logs.items() for key, found in model(log).items()}
    assert stored(tmp_path / "silver") == expected


def test_deleted_events_leave_and_an_empty_session_goes(spark, tmp_path, contracts):
    contract = contracts["event"]
    layers = {"bronze": str(tmp_path / "bronze"), "silver": str(tmp_path / "silver")}
    common = {"session_id": "s", "created_at": START, "event_type": "page_view"}

    def deliver(number, *changes):
        rows = [bronze_row(contract, op, seq, id=key, **common) for op, seq, key in changes]
        write_bronze(tmp_path / "bronze", contract, cdc_name(number), rows)
        run_table(spark, contract, **layers)
        return [found[2] for found in stored(tmp_path / "silver").values()]

    assert deliver(1, ("I", 1, "a"), ("I", 2, "b")) == [2]
    assert deliver(2, ("D", 3, "a")) == [1]
    assert deliver(3, ("D", 4, "b")) == []


def test_what_a_killed_run_wrote_ahead_goes_when_its_event_has_moved_on(
    spark, tmp_path, contracts, monkeypatch
):
    """The run wrote a session, but not the event; then came the change that takes it elsewhere."""
    contract, upsert = contracts["event"], HudiTable.upsert
    layers = {"bronze": str(tmp_path / "bronze"), "silver": str(tmp_path / "silver")}
    run_table(spark, contract, **layers)

    def deliver(number, session):
        row = bronze_row(contract, "U", number, id="a", session_id=session, created_at=START)
        write_bronze(tmp_path / "bronze", contract, cdc_name(number), [row])

    def killed(table, rows, notes):
        if table.name == contract.name:
            raise KeyboardInterrupt
        return upsert(table, rows, notes)

    deliver(1, "first")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(HudiTable, "upsert", killed)
        run_table(spark, contract, **layers)
    assert [key for _, key in stored(tmp_path / "silver")] == ["first-1"]
    deliver(2, "second")
    run_table(spark, contract, **layers)
    assert [key for _, key in stored(tmp_path / "silver")] == ["second-1"]
