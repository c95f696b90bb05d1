"""The admin, as a support person sees it."""

import pytest
from core import factories
from core.models import Customer
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("orm")]

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
            pages.append((base, {"tenant__id__exact": row.tenant.pk}))
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


def test_orders_and_events_are_not_added_or_deleted_here(client):
    order = factories.OrderFactory()
    assert client.get("/admin/core/order/add/").status_code == 403
    assert client.get("/admin/core/event/add/").status_code == 403
    assert client.get(f"/admin/core/order/{order.pk}/delete/").status_code == 403
