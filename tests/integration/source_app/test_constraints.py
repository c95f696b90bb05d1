"""Rules that the database keeps, whoever writes to it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from core import factories
from core.models import OrderItem
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("orm")]

NAMES = ["Tenant", "Customer", "Product", "Order", "OrderItem", "Event", "Subscription", "Invoice"]
REFERENCES = [
    (factories.OrderFactory, "customer", factories.CustomerFactory),
    (factories.OrderItemFactory, "order", factories.OrderFactory),
    (factories.OrderItemFactory, "product", factories.ProductFactory),
    (factories.EventFactory, "customer", factories.CustomerFactory),
    (factories.SubscriptionFactory, "customer", factories.CustomerFactory),
    (factories.InvoiceFactory, "customer", factories.CustomerFactory),
    (factories.InvoiceFactory, "subscription", factories.SubscriptionFactory),
]
BROKEN = [
    (factories.OrderFactory, "status", "lost"),
    (factories.EventFactory, "event_type", "scroll"),
    (factories.SubscriptionFactory, "status", "paused"),
    (factories.SubscriptionFactory, "billing_cycle", "weekly"),
    (factories.InvoiceFactory, "status", "void"),
    (factories.ProductFactory, "price", Decimal("-0.01")),
    (factories.ProductFactory, "cost", Decimal("-0.01")),
    (factories.OrderFactory, "subtotal", Decimal("-1")),
    (factories.OrderFactory, "total", Decimal("-1")),
    (factories.OrderItemFactory, "quantity", -1),
    (factories.OrderItemFactory, "discount", Decimal("-1")),
    (factories.SubscriptionFactory, "monthly_amount", Decimal("-1")),
    (factories.InvoiceFactory, "amount", Decimal("-1")),
]


def overwrite(row, **columns) -> None:
    """Update by SQL alone, past services and querysets, as another program would."""
    assignments = ", ".join(f"{column} = %s" for column in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"update {row._meta.db_table} set {assignments} where id = %s",
            [*columns.values(), row.pk],
        )


def test_a_row_can_not_point_at_another_tenants_row():
    for child, name, parent in REFERENCES:
        row, foreign = child(), parent()
        with pytest.raises(IntegrityError, match=f"{name}_id_same_tenant_fk"):
            overwrite(row, **{f"{name}_id": foreign.pk})


def test_a_value_outside_the_rule_is_refused_by_a_named_constraint():
    for factory, field, value in BROKEN:
        row = factory()
        name = f"{row._meta.db_table}_{field}_is_(known|not_negative)"
        with pytest.raises(IntegrityError, match=name):
            overwrite(row, **{field: value})


def test_keys_never_change():
    other = factories.TenantFactory()
    for name in NAMES:
        row = getattr(factories, f"{name}Factory")()
        with pytest.raises(IntegrityError, match="never change"):
            overwrite(row, id=uuid4())
        if name != "Tenant":
            with pytest.raises(IntegrityError, match="never change"):
                overwrite(row, tenant_id=other.pk)


def test_a_total_that_is_off_by_a_cent_can_be_stored():
    order = factories.OrderFactory()
    overwrite(order, total=order.total + Decimal("0.01"))
    item = factories.OrderItemFactory()
    overwrite(item, total=item.total + Decimal("0.01"))


def test_an_address_may_be_registered_twice_in_other_case():
    first = factories.CustomerFactory(email="ada@example.com")
    factories.CustomerFactory(tenant=first.tenant, email="Ada@Example.com")


def test_order_and_invoice_numbers_are_unique():
    order, invoice = factories.OrderFactory(), factories.InvoiceFactory()
    with pytest.raises(IntegrityError, match="order_number"), transaction.atomic():
        factories.OrderFactory(order_number=order.order_number)
    with pytest.raises(IntegrityError, match="invoice_number"), transaction.atomic():
        factories.InvoiceFactory(invoice_number=invoice.invoice_number)


def test_deleting_follows_the_rules_of_the_models():
    item, event = factories.OrderItemFactory(), factories.EventFactory()
    with pytest.raises(ProtectedError):
        item.product.delete()
    with pytest.raises(ProtectedError):
        item.order.customer.delete()
    item.order.delete()
    assert not OrderItem.objects.exists()
    event.customer.delete()
    event.refresh_from_db()
    assert event.customer_id is None


def test_what_a_factory_makes_passes_full_validation():
    for name in NAMES:
        getattr(factories, f"{name}Factory")().full_clean()
