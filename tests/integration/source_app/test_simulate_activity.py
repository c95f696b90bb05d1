"""Simulated activity: what it changes, that it is counted truly, repeats, and stops cleanly."""

import itertools
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Event as Flag

import psycopg2
import pytest
from core.activity import OPERATIONS, Plan, Report, simulate
from core.activity.mix import ACROSS_TENANTS
from core.activity.steps import orders, tenants, visits
from core.errors import NothingToChangeError
from core.models import Invoice, Order, Subscription, Tenant
from core.seeding.rows import TABLES
from core.services import saving
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from lakehouse.homes.embedded.source_app import MANAGE, environment

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

AUDIT = """
create table audit (position bigserial, transaction bigint, operation text, table_name text);
create function audit_row() returns trigger language plpgsql as $$
begin
    insert into audit (transaction, operation, table_name)
    values (txid_current(), lower(tg_op), tg_table_name);
    return null;
end $$;
"""


@pytest.fixture
def audited(seeded):
    with connection.cursor() as cursor:
        cursor.execute(AUDIT)
        for table in TABLES:
            cursor.execute(
                f"create trigger audit after insert or update or delete on {table} "
                "for each row execute function audit_row()"
            )
    return seeded


def query(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def storm(**plan) -> Report:
    report = Report()
    simulate(Plan(**{"seed": 1, "transactions": 40, **plan}), stop=Flag(), report=report)
    return report


def content() -> dict[str, list[tuple]]:
    return {table: query(f"select * from {table} order by id") for table in TABLES}


def test_every_row_change_and_transaction_is_counted(audited):
    report = storm(transactions=150)
    audit = query("select table_name, operation, count(*) from audit group by 1, 2")
    assert report.tally.changes == {(table, op): count for table, op, count in audit}
    assert query("select count(distinct transaction) from audit") == [(report.tally.transactions,)]


# Ids of new rows follow from the time, so a run differs from the last one; the rarest step is one
# in four hundred, and is there after this many storms but for one run in millions.
STORMS = 80


def test_all_tables_are_inserted_updated_and_deleted(seeded):
    wanted, changes = set(itertools.product(TABLES, ("insert", "update", "delete"))), Counter()
    for seed in range(STORMS):
        changes += storm(seed=seed, transactions=100).tally.changes
        if set(changes) == wanted:
            break
    assert set(changes) == wanted


@pytest.mark.parametrize("operations", OPERATIONS)
def test_every_step_of_each_kind_of_operation_happens(seeded, operations):
    yesterday = timezone.now().date() - timedelta(days=1)
    wanted, steps = {step.__name__ for step in OPERATIONS[operations]}, Counter()
    for seed in range(STORMS):
        Invoice.objects.filter(status="sent").update(due_date=yesterday)
        steps += storm(seed=seed, operations=operations, transactions=100).steps
        if set(steps) == wanted:
            break
    assert set(steps) == wanted


def test_amounts_references_and_dates_hold_afterwards(seeded):
    storm(transactions=200)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    assert not Order.objects.exclude(total=F("subtotal") + F("tax") + F("shipping")).exists()
    sums = Order.objects.annotate(items_total=Sum("items__total"))
    assert not sums.exclude(subtotal=F("items_total")).exists()
    assert not Subscription.objects.filter(end_date__lt=F("start_date")).exists()
    late = "select count(*) from {} where created_at > now()"
    assert all(query(late.format(table)) == [(0,)] for table in TABLES)


@pytest.fixture
def ticking_clock(monkeypatch):
    """Each look at the time is a millisecond later than the last; calling it winds it back."""

    def restart():
        ticks = itertools.count()
        start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(milliseconds=next(ticks)))

    return restart


class UndoneError(Exception):
    pass


def undone(work):
    """What the work returns; the database is then as it was before."""
    kept = []
    try:
        with transaction.atomic():
            kept.append(work())
            raise UndoneError
    except UndoneError:
        return kept[0]


def storm_and_content() -> dict[str, list[tuple]]:
    with transaction.atomic():
        # Within a test's transaction no commit is seen, so the number of steps ends the storm.
        stop, report, steps = Flag(), Report(), itertools.count(1)
        simulate(
            Plan(seed=3),
            stop=stop,
            report=report,
            on_step=lambda _: stop.set() if next(steps) == 80 else None,
        )
    return content()


def test_the_same_seed_rows_and_clock_give_the_same_rows(seeded, ticking_clock):
    results = []
    for _ in range(2):
        ticking_clock()
        results.append(undone(storm_and_content))
    assert results[0] == results[1]
    assert results[0] != content()


def test_rules_left_to_the_database_give_the_same_rows_as_full_checks(
    seeded, ticking_clock, monkeypatch
):
    ticking_clock()
    lean = undone(storm_and_content)
    monkeypatch.setattr(saving, "_check", lambda row, **_: row.full_clean())
    ticking_clock()
    assert undone(storm_and_content) == lean


def test_the_same_seed_can_be_used_again_on_the_same_database(seeded):
    first, second = storm(seed=5), storm(seed=5)
    assert first.rolled_back == second.rolled_back == {}
    assert second.tally.transactions >= 40


def test_one_tenant_is_changed_and_no_other(seeded):
    mine, other = Tenant.objects.order_by("slug")
    before = {
        table: query(f"select * from {table} where {key} = '{other.pk}' order by id")
        for table, key in ((t, "id" if t == "core_tenant" else "tenant_id") for t in TABLES)
    }
    report = storm(tenant=mine, transactions=150)
    after = {
        table: query(f"select * from {table} where {key} = '{other.pk}' order by id")
        for table, key in ((t, "id" if t == "core_tenant" else "tenant_id") for t in TABLES)
    }
    assert after == before
    assert not {step.__name__ for step in ACROSS_TENANTS} & set(report.steps)
    assert Tenant.objects.count() == 2


def test_a_seeded_tenant_is_never_closed(seeded):
    before = set(Tenant.objects.values_list("pk", flat=True))
    for seed in range(3):
        storm(seed=seed, operations="updates", transactions=150)
    assert before <= set(Tenant.objects.values_list("pk", flat=True))


def test_a_step_is_done_wholly_or_not_at_all(audited, monkeypatch):
    def fails(*_):
        raise IntegrityError("no connection to the warehouse")

    monkeypatch.setattr(orders, "record_purchase", fails)
    report = Report()
    with pytest.raises(IntegrityError):
        simulate(Plan(seed=1, operations="orders"), stop=Flag(), report=report)
    audit = query("select table_name, operation, count(*) from audit group by 1, 2")
    assert report.tally.changes == {(table, op): count for table, op, count in audit}
    assert "buy" not in report.steps


def test_a_row_that_another_session_took_costs_one_step_only(shop, seeded, monkeypatch):
    """Between choosing an event and changing it, somebody deletes its customer."""
    real, rivals = visits.services.visit_identify, []

    def too_late(*, customer, session_id):
        if not rivals:
            rivals.append(customer.pk)
            with psycopg2.connect(shop) as rival, rival.cursor() as cursor:
                for table in ("invoice", "subscription"):
                    cursor.execute(
                        f"delete from core_{table} where customer_id = %s", [str(customer.pk)]
                    )
                cursor.execute(
                    "delete from core_orderitem where order_id in "
                    "(select id from core_order where customer_id = %s)",
                    [str(customer.pk)],
                )
                cursor.execute("delete from core_order where customer_id = %s", [str(customer.pk)])
                cursor.execute(
                    "update core_event set customer_id = null where customer_id = %s",
                    [str(customer.pk)],
                )
                cursor.execute("delete from core_customer where id = %s", [str(customer.pk)])
        return real(customer=customer, session_id=session_id)

    monkeypatch.setattr(visits.services, "visit_identify", too_late)
    report = storm(operations="events", transactions=60)
    assert rivals
    assert report.rolled_back == {"log_in": 1}
    assert report.steps["visit"] > 10


def test_a_closed_tenant_leaves_nothing_and_a_reopened_one_keeps_its_id(audited):
    report, count = Report(), itertools.count(1)
    stop = Flag()

    def until_both(report):
        done = {"open_tenant", "close_tenant", "reopen_tenant"} <= set(report.steps)
        if done or next(count) > 3000:
            stop.set()

    simulate(Plan(seed=2, operations="updates"), stop=stop, report=report, on_step=until_both)
    assert report.steps["close_tenant"] and report.steps["reopen_tenant"]
    for table in set(TABLES) - {"core_tenant"}:
        orphans = (
            f"select count(*) from {table} where tenant_id not in (select id from core_tenant)"
        )
        assert query(orphans) == [(0,)]
    assert Tenant.objects.filter(slug__startswith="trial-").count() == (
        report.steps["open_tenant"] - report.steps["close_tenant"]
    )
    assert tenants.SETTINGS["features"] == ["analytics"]


@pytest.mark.usefixtures("orm")
def test_an_empty_database_is_sent_to_seeding():
    with pytest.raises(NothingToChangeError, match="seed_all"):
        storm()


def test_the_rate_is_held_and_reported(seeded):
    out = StringIO()
    started = time.monotonic()
    call_command("simulate_activity", duration=0.05, rate=20, stdout=out)
    assert "wanted 20/s: held" in out.getvalue()
    assert time.monotonic() - started >= 3


def test_an_unknown_tenant_is_named_with_those_that_exist(seeded):
    slug = Tenant.objects.order_by("slug").first().slug
    with pytest.raises(CommandError, match=f"no tenant 'nobody'.*{slug}"):
        call_command("simulate_activity", tenant="nobody", transactions=1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_between_two_steps(shop, audited, number):
    process = subprocess.Popen(
        [sys.executable, str(MANAGE), "simulate_activity", "--rate", "0", "--duration", "5"],
        env=dict(environment(shop)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while query("select count(*) from audit") == [(0,)] and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "stopped by a signal" in out
    (count,) = query("select count(*) from audit")[0]
    assert f"{count:,} row changes in " in out
