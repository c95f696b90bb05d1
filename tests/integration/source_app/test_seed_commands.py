"""The commands that add rows of one table to what is there."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import psycopg2
import pytest
from core.errors import MissingParentsError, NoSuchTenantError, PlanError
from core.models import Customer, Event, Invoice, Order, OrderItem, Product, Subscription, Tenant
from core.seeding import DIRTS, Addition, Dirt, History, Volumes, add_rows, seed_database
from core.seeding.cleanup import Selection, delete_selected
from core.seeding.copy_writer import copy_chunks
from core.seeding.rows import TABLES
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

# Which volumes belong to one command, in the order in which the tables need each other.
STEPS = (
    *(("tenants",), ("customers",), ("products",), ("orders", "items")),
    *(("events",), ("subscriptions",), ("invoices",)),
)


def checksums() -> dict[str, str]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select md5(string_agg(t::text, '|' order by id)) from {table} t")
            (found[table],) = cursor.fetchone()
    return found


def only(volumes: Volumes, *names: str) -> Volumes:
    return Volumes(**{name: getattr(volumes, name) for name in names})


def run(command: str, *arguments: str, history: History) -> str:
    out = StringIO()
    days = ("--start-date", str(history.start), "--end-date", str(history.end))
    call_command(command, *arguments, *days, stdout=out)
    return out.getvalue()


def test_the_steps_one_by_one_give_the_same_rows_as_all_at_once(seeded):
    wanted = checksums()
    delete_selected(Selection())
    for names in STEPS:
        report = add_rows(Addition(only(seeded.volumes, *names), seeded.history))
        assert sum(report.rows.values()) == sum(getattr(seeded.volumes, name) for name in names)
    assert checksums() == wanted


@pytest.mark.parametrize(
    ("command", "arguments", "model", "count"),
    [
        ("seed_tenants", ("--count", "3"), Tenant, 3),
        ("seed_customers", ("--count", "21"), Customer, 21),
        ("seed_customers", ("--per-tenant", "7"), Customer, 14),
        ("seed_products", ("--per-tenant", "4"), Product, 8),
        ("seed_orders", ("--count", "10", "--items", "25"), Order, 10),
        ("seed_orders", ("--count", "10", "--items", "25"), OrderItem, 25),
        ("seed_orders", ("--per-tenant", "5"), OrderItem, 30),
        ("seed_events", ("--count", "120"), Event, 120),
        ("seed_subscriptions", ("--count", "4"), Subscription, 4),
        ("seed_invoices", ("--per-tenant", "9"), Invoice, 18),
        ("seed_invoices", ("--scale", "small"), Invoice, 500),
    ],
)
def test_each_command_adds_what_it_says_and_again_with_the_same_seed(
    seeded, command, arguments, model, count
):
    for times in (1, 2):
        before = model.objects.count()
        assert "references checked" in run(command, *arguments, history=seeded.history)
        assert model.objects.count() == before + count, times


def test_numbers_go_on_where_they_ended(seeded):
    tenant = Tenant.objects.get(slug="northwind-nws")
    last = Order.objects.filter(tenant=tenant).order_by("-order_number").first()
    run("seed_orders", "--count", "3", "--tenant", tenant.slug, history=seeded.history)
    new = Order.objects.filter(tenant=tenant, order_number__gt=last.order_number)
    first = int(last.order_number.removeprefix("NWS-")) + 1
    assert sorted(order.order_number for order in new) == [f"NWS-{first + n}" for n in range(3)]
    assert Order.objects.count() == seeded.volumes.orders + 3


def test_one_tenant_gets_all_of_it_and_the_others_nothing(seeded):
    others = Customer.objects.exclude(tenant__slug="alpenglow-alp")
    before = others.count()
    run("seed_customers", "--per-tenant", "5", "--tenant", "alpenglow-alp", history=seeded.history)
    assert others.count() == before
    assert Customer.objects.count() == seeded.volumes.customers + 5


def test_a_purchase_is_tracked_once(seeded):
    add_rows(Addition(Volumes(events=400), seeded.history))
    purchases = Event.objects.filter(event_type="purchase")
    orders = [event.event_data["order_id"] for event in purchases]
    assert len(orders) > 2
    assert len(set(orders)) == len(orders)


def test_a_period_is_billed_once(seeded):
    add_rows(Addition(Volumes(invoices=100), seeded.history))
    billed = Invoice.objects.exclude(subscription=None).values_list("subscription", "issue_date")
    assert len(set(billed)) == len(billed) > 0


def test_a_tenant_of_the_admin_gets_rows_too(seeded):
    opened = seeded.history.opens_at + timedelta(days=3)
    tenant = Tenant.objects.create(name="By Hand", slug="by-hand", created_at=opened)
    for volumes in (
        *(Volumes(customers=6), Volumes(products=4), Volumes(orders=8, items=9)),
        *(Volumes(events=50), Volumes(subscriptions=3), Volumes(invoices=9)),
    ):
        add_rows(Addition(volumes, seeded.history, tenant="by-hand"))
    assert Order.objects.filter(tenant=tenant, order_number__startswith="BY-HAND-").count() == 8


def test_a_tenant_of_today_is_in_nobodys_way(seeded):
    Tenant.objects.create(name="Brand New", slug="brand-new")
    add_rows(Addition(Volumes(tenants=1), seeded.history))
    with pytest.raises(PlanError, match=r"brand-new.*choose a later --end-date"):
        add_rows(Addition(Volumes(customers=4), seeded.history, tenant="brand-new"))


def test_a_live_application_may_write_meanwhile(seeded, shop, monkeypatch):
    def copy_while_others_write(*arguments):
        with closing(psycopg2.connect(shop)) as session, session, session.cursor() as cursor:
            cursor.execute("delete from core_event where id in (select id from core_event limit 1)")
            cursor.execute("update core_product set stock_quantity = -1")
        copy_chunks(*arguments)

    monkeypatch.setattr("core.seeding.load.copy_chunks", copy_while_others_write)
    add_rows(Addition(Volumes(customers=20), seeded.history))
    assert Customer.objects.count() == seeded.volumes.customers + 20
    assert Event.objects.count() < seeded.volumes.events


def test_dirty_rows_can_be_added_to_clean_ones_and_clean_to_dirty(seeded):
    report = add_rows(Addition(Volumes(customers=300), seeded.history, DIRTS["realistic"]))
    assert report.dirt["duplicate_email"] >= 4
    for volumes in (
        *(Volumes(customers=30), Volumes(orders=40, items=90), Volumes(events=500)),
        *(Volumes(subscriptions=6), Volumes(invoices=60)),
    ):
        assert add_rows(Addition(volumes, seeded.history)).dirt == {}


def test_what_is_missing_is_named_and_nothing_is_written(seeded):
    with pytest.raises(NoSuchTenantError, match="there are: northwind-nws, alpenglow-alp"):
        add_rows(Addition(Volumes(customers=1), seeded.history, tenant="no-such"))
    with pytest.raises(PlanError, match="names for 18 more"):
        add_rows(Addition(Volumes(tenants=19), seeded.history))
    add_rows(Addition(Volumes(tenants=1), seeded.history))
    with pytest.raises(MissingParentsError, match=r"bluebell-blu has no customers.*seed_customers"):
        add_rows(Addition(Volumes(orders=100, items=100), seeded.history))
    assert Order.objects.count() == seeded.volumes.orders


def test_an_order_needs_an_item():
    with pytest.raises(PlanError, match="at least one item"):
        Addition(Volumes(orders=3, items=2), History(1, date(2026, 1, 1), date(2026, 3, 1)))


def test_ids_that_are_there_already_are_explained(seeded):
    """The count of events says that the ids after the first 60 are free, and they are not."""
    old = list(Event.objects.values_list("id", flat=True))
    arguments = ("--count", "60", "--seed", str(seeded.seed))
    run("seed_events", *arguments, history=seeded.history)
    Event.objects.filter(id__in=old).delete()
    keep = Event.objects.all()
    assert keep.count() == 60
    with pytest.raises(CommandError, match="choose another --seed"):
        run("seed_events", *arguments, history=seeded.history)
    assert keep.count() == 60


def test_seed_all_takes_free_sizes(orm, tiny_plan):
    sizes = ("--tenants", "20", "--customers", "90", "--products", "60", "--orders", "80")
    run("seed_all", *sizes, "--subscriptions", "10", history=tiny_plan.history)
    found = [model.objects.count() for model in (Tenant, Customer, Order, OrderItem)]
    assert found == [20, 90, 80, 240]


def test_seed_all_takes_a_year(orm, tiny_plan):
    end = tiny_plan.end
    plan = replace(tiny_plan, start=end - timedelta(days=366))
    assert seed_database(plan).rows["core_order"] == plan.volumes.orders
    with pytest.raises(PlanError, match="more than a year"):
        replace(tiny_plan, start=end - timedelta(days=367))


def test_a_share_of_dirt_is_between_none_and_all():
    with pytest.raises(PlanError, match="duplicate_email"):
        Dirt(duplicate_email=1.5)
