"""The admin, as a support person sees it."""

import pytest
from core import factories
from core.models import Customer
from django.contrib.auth.models import Group, Permission, User
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.usefixtures("orm")]

NAMES = ["Tenant", "Customer", "Product", "Order", "OrderItem", "Event", "Subscription", "Invoice"]


@pytest.fixture
def client(orm) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("support"))
    return client


def test_lists_search_filters_and_detail_pages_load(client):
    for name in NAMES:
        row = getattr(factories, f"{name}Factory")()
        base = f"/admin/core/{name.lower()}/"
        pages = [(base, {}), (base, {"q": "a"}), (f"{base}{row.pk}/change/", {})]
        if name != "Tenant":
            pages.append((base, {"tenant": row.tenant.pk}))
        for page, parameters in pages:
            assert client.get(page, parameters).status_code == 200, (page, parameters)


def test_a_longer_list_takes_no_more_queries(client):
    factories.OrderItemFactory()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/admin/core/orderitem/")
        counts.append(len(queries))
        tenant = factories.TenantFactory()
        for _ in range(5):
            factories.OrderItemFactory(order__customer__tenant=tenant)
    assert counts[0] == counts[1]


def test_a_saved_form_sets_updated_at_and_keeps_identity(client):
    customer = factories.CustomerFactory()
    form = {"email": "new@example.com", "first_name": "Ada", "last_name": "Byron"}
    response = client.post(
        f"/admin/core/customer/{customer.pk}/change/", {**form, "metadata": "{}", "phone": ""}
    )
    assert response.status_code == 302
    saved = Customer.objects.get(pk=customer.pk)
    assert saved.email == "new@example.com"
    assert saved.updated_at > customer.updated_at
    assert (saved.tenant_id, saved.created_at) == (customer.tenant_id, customer.created_at)


def a_support_person(*slugs: str) -> Client:
    """Somebody with every permission, in the groups of these tenants."""
    user = User.objects.create_user("desk", is_staff=True)
    user.user_permissions.set(Permission.objects.all())
    user.groups.set([Group.objects.create(name=f"tenant:{slug}") for slug in slugs])
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", NAMES)
def test_support_sees_the_rows_of_its_own_tenants_only(name):
    rows = [getattr(factories, f"{name}Factory")() for _ in range(2)]
    mine, other = (getattr(row, "tenant", row) for row in rows)
    client, base = a_support_person(mine.slug), f"/admin/core/{name.lower()}/"
    page = client.get(base).content.decode()
    assert str(rows[0].pk) in page
    assert str(rows[1].pk) not in page
    assert other.name not in page
    assert str(rows[1].pk) not in client.get(base, {"tenant": other.pk}).content.decode()
    assert client.get(f"{base}{rows[0].pk}/change/").status_code == 200
    assert client.get(f"{base}{rows[1].pk}/change/").status_code == 302


def test_autocomplete_offers_no_other_tenant():
    mine, other = factories.TenantFactory(), factories.TenantFactory()
    parameters = {"app_label": "core", "model_name": "customer", "field_name": "tenant"}
    answer = a_support_person(mine.slug).get("/admin/autocomplete/", parameters).content.decode()
    assert mine.name in answer
    assert other.name not in answer


def test_who_is_in_no_tenants_group_sees_nothing():
    order = factories.OrderFactory()
    page = a_support_person().get("/admin/core/order/").content.decode()
    assert order.order_number not in page


@pytest.mark.parametrize("name", NAMES)
def test_no_form_offers_money_of_a_row_that_exists(client, name):
    row = getattr(factories, f"{name}Factory")()
    page = client.get(f"/admin/core/{name.lower()}/{row.pk}/change/").content.decode()
    for field in row._meta.fields:
        if isinstance(field, models.DecimalField):
            assert f'name="{field.name}"' not in page
            assert f"field-{field.name}" in page


def run_action(client, name: str, action: str, *rows) -> str:
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/admin/core/{name}/", data, follow=True).content.decode()


def test_actions_go_through_the_services_and_name_what_they_refuse(client):
    pending = factories.OrderFactory()
    done = factories.OrderFactory(status="completed")
    page = run_action(client, "order", "cancel", pending, done)
    assert "1 orders cancelled" in page
    assert f"{done.pk} is completed and can&#x27;t become cancelled" in page
    pending.refresh_from_db()
    assert pending.status == "cancelled"


@pytest.mark.parametrize(
    ("name", "action", "expected"),
    [
        ("Invoice", "book_payment", {"status": "paid"}),
        ("Invoice", "cancel", {"status": "cancelled"}),
        ("Subscription", "cancel", {"status": "cancelled"}),
        ("Customer", "close", {"is_active": False}),
    ],
)
def test_support_does_by_action_what_no_form_offers(client, name, action, expected):
    row = getattr(factories, f"{name}Factory")()
    before = row.updated_at
    run_action(client, name.lower(), action, row)
    row.refresh_from_db()
    assert {field: getattr(row, field) for field in expected} == expected
    assert row.updated_at > before


def test_a_scoped_person_can_not_act_on_another_tenants_rows():
    mine, other = factories.InvoiceFactory(), factories.InvoiceFactory()
    run_action(a_support_person(mine.tenant.slug), "invoice", "book_payment", mine, other)
    for row, status in ((mine, "paid"), (other, "sent")):
        row.refresh_from_db()
        assert row.status == status


def test_orders_and_events_are_not_added_or_deleted_here(client):
    order = factories.OrderFactory()
    assert client.get("/admin/core/order/add/").status_code == 403
    assert client.get("/admin/core/event/add/").status_code == 403
    assert client.get(f"/admin/core/order/{order.pk}/delete/").status_code == 403
