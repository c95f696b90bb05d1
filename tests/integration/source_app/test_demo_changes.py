"""The day of demo changes, watched by a trigger that records every row operation."""

from collections import Counter

import pytest
from core.activity import make_demo_changes
from core.errors import NothingToChangeError
from core.models import Customer, Order
from core.seeding.rows import TABLES
from django.db import connection
from django.db.models import F, Sum
from django.utils import timezone

pytestmark = pytest.mark.postgres

AUDIT = """
create table audit (
    position bigserial, transaction bigint, operation text, table_name text, id uuid
);
create function audit_row() returns trigger language plpgsql as $$
begin
    insert into audit (transaction, operation, table_name, id)
    values (txid_current(), left(tg_op, 1), tg_table_name, coalesce(new.id, old.id));
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


def operations() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("select transaction, operation, table_name, id from audit order by position")
        return cursor.fetchall()


def history(table: str, row_id) -> list[tuple]:
    """(transaction, operation) of one row, in order."""
    return [(t, op) for t, op, name, key in operations() if (name, key) == (table, row_id)]


def test_every_kind_of_change_is_made(audited):
    changes = {change.action: change for change in make_demo_changes(42)}
    placed = changes["order placed and completed today"]
    assert Counter(op for _, op in history("core_order", placed.row_id)) == {"I": 1, "U": 2}
    assert Order.objects.get(pk=placed.row_id).order_date.date() == timezone.now().date()

    deleted = changes["order deleted with its items"]
    assert [op for _, op in history("core_order", deleted.row_id)] == ["D"]
    assert ("D", "core_orderitem") in {(op, name) for _, op, name, _ in operations()}

    twice = history("core_customer", changes["customer updated twice, one transaction"].row_id)
    assert [op for _, op in twice] == ["U", "U"]
    assert len({transaction for transaction, _ in twice}) == 1

    product = history("core_product", changes["product deleted"].row_id)[-2:]
    assert [op for _, op in product] == ["D", "I"]
    assert len({transaction for transaction, _ in product}) == 2

    order = history("core_order", changes["order deleted and re-created, one transaction"].row_id)
    # An earlier step may have completed the same order.
    order = order[[op for _, op in order].index("D") :]
    assert [op for _, op in order][:2] == ["D", "I"]
    assert len({transaction for transaction, _ in order}) == 1
    assert {name for _, _, name, _ in operations()} == set(TABLES)


def test_three_orders_are_completed_in_one_tenant(audited):
    ids = [c.row_id for c in make_demo_changes(42) if c.action.startswith("order placed")]
    orders = Order.objects.filter(pk__in=ids)
    assert [order.status for order in orders] == ["completed"] * 3
    assert len({order.tenant_id for order in orders}) == 1


def test_it_works_again_and_again_and_changes_something_each_time(audited):
    sizes = [len(operations())]
    for seed in (42, 42, 7, 8):
        assert len(list(make_demo_changes(seed))) >= 19
        sizes.append(len(operations()))
    assert all(after - before > 25 for before, after in zip(sizes, sizes[1:], strict=False))


def test_amounts_and_references_hold_afterwards(audited):
    for seed in range(2):
        list(make_demo_changes(seed))
    wrong = Order.objects.exclude(total=F("subtotal") + F("tax") + F("shipping"))
    assert not wrong.exists()
    sums = Order.objects.annotate(items_total=Sum("items__total"))
    assert not sums.exclude(subtotal=F("items_total")).exists()
    assert not Customer.objects.filter(updated_at__lt=F("created_at")).exists()


@pytest.mark.usefixtures("orm")
def test_an_empty_database_is_sent_to_seeding():
    with pytest.raises(NothingToChangeError, match="seed_all"):
        list(make_demo_changes(42))
