"""`manage.py cleanup_data`."""

from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
from core.models import Customer, Event, Invoice, Order, OrderItem, Product, Subscription, Tenant
from core.seeding.verify import count_rows
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = pytest.mark.postgres


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        return count_rows(cursor)


def cleanup(*arguments: str) -> str:
    out = StringIO()
    call_command("cleanup_data", *arguments, stdout=out)
    return out.getvalue()


def reported(before: dict[str, int]) -> list[str]:
    after = counts()
    return [f"  {table:<18} {before[table] - after[table]:>9,} rows deleted" for table in before]


def test_all_leaves_nothing_and_says_how_much_it_was(seeded):
    before = counts()
    lines = cleanup("--all", "--yes").splitlines()
    assert set(counts().values()) == {0}
    assert set(reported(before)) <= set(lines)
    assert f"{sum(before.values()):,} rows deleted" in lines[-1]


def test_a_tenant_goes_with_everything_and_the_others_stay(seeded):
    others = {
        model: set(model.objects.exclude(tenant__slug="northwind-nws").values_list("id", flat=True))
        for model in (Customer, Product, Order, OrderItem, Event, Subscription, Invoice)
    }
    cleanup("--tenant", "northwind-nws", "--yes")
    assert [tenant.slug for tenant in Tenant.objects.all()] == ["alpenglow-alp"]
    for model, ids in others.items():
        assert set(model.objects.values_list("id", flat=True)) == ids


def test_old_history_goes_and_what_later_rows_need_stays(seeded):
    day = seeded.start + timedelta(days=60)
    moment = datetime.combine(day, time.min, UTC)
    before = counts()
    kept = Invoice.objects.filter(issue_date__gte=day).count()
    lines = cleanup("--before", day.isoformat(), "--yes").splitlines()
    assert not Order.objects.filter(order_date__lt=moment).exists()
    assert not OrderItem.objects.filter(order__order_date__lt=moment).exists()
    assert not Event.objects.filter(created_at__lt=moment).exists()
    assert Invoice.objects.filter(issue_date__gte=day).count() == kept == Invoice.objects.count()
    assert 0 < Order.objects.count() < before["core_order"]
    assert 0 < Event.objects.count() < before["core_event"]
    after = counts()
    for table in ("core_tenant", "core_customer", "core_product"):
        assert after[table] == before[table]
    gone = [line for line in reported(before) if " 0 rows" not in line]
    assert set(gone) <= set(lines)


@pytest.mark.parametrize("answer", ["", "y", "no"])
def test_nothing_is_deleted_without_a_yes(seeded, monkeypatch, answer):
    monkeypatch.setattr("builtins.input", lambda _: answer)
    with pytest.raises(CommandError, match="nothing was deleted"):
        cleanup("--all")
    assert counts() == seeded.volumes.by_table()


def test_it_says_what_it_would_delete_and_deletes_after_a_yes(seeded, monkeypatch):
    questions = []
    monkeypatch.setattr("builtins.input", lambda text: questions.append(text) or "yes")
    out = cleanup("--all")
    assert f"{sum(seeded.volumes.by_table().values()):,} rows for good" in questions[0]
    assert f"  {'core_event':<18} {seeded.volumes.events:>9,} rows\n" in out
    assert set(counts().values()) == {0}


def test_an_unknown_tenant_is_named_with_those_that_there_are(seeded):
    with pytest.raises(CommandError, match="there are: alpenglow-alp, northwind-nws"):
        cleanup("--tenant", "northwind", "--yes")


def test_which_rows_must_be_said():
    with pytest.raises(CommandError, match="required"):
        cleanup("--yes")


def test_rows_are_deleted_and_not_truncated(seeded):
    """DMS carries deletes; a truncate would leave every row in the lake."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create function refuse() returns trigger language plpgsql as "
            "$$ begin raise exception 'truncated'; end $$"
        )
        cursor.execute(
            "create trigger no_truncate before truncate on core_event execute function refuse()"
        )
        cursor.execute("create table gone as select id from core_event where false")
        cursor.execute(
            "create function note() returns trigger language plpgsql as "
            "$$ begin insert into gone values (old.id); return old; end $$"
        )
        cursor.execute(
            "create trigger noted before delete on core_event for each row execute function note()"
        )
    cleanup("--all", "--yes")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from gone")
        assert cursor.fetchone() == (seeded.volumes.events,)
