"""Services and querysets: what they write, and what they refuse."""

from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal

import pytest
from core import factories, services
from core.errors import ImmutableFieldError, TransitionError
from core.models import (
    BillingCycle,
    Customer,
    Event,
    EventType,
    Invoice,
    InvoiceStatus,
    Order,
    OrderItem,
    OrderStatus,
    Subscription,
    SubscriptionStatus,
    Tenant,
)
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils import timezone

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("orm")]

LONG_AGO = timezone.now() - timedelta(days=30)


def an_order(**identity):
    customer = factories.CustomerFactory()
    product = factories.ProductFactory(tenant=customer.tenant, price=Decimal("40.00"))
    other = factories.ProductFactory(tenant=customer.tenant, price=Decimal("10.05"))
    lines = [services.OrderLine(product, 2), services.OrderLine(other, 1, Decimal("1.00"))]
    return services.order_place(
        customer=customer, lines=lines, shipping=Decimal("4.95"), **identity
    )


def test_an_order_adds_up_its_items_and_the_tenants_tax():
    order = an_order()
    assert (order.subtotal, order.tax, order.total) == (
        *(Decimal("89.05"), Decimal("7.12"), Decimal("101.12")),
    )
    assert sorted(item.total for item in order.items.all()) == [Decimal("9.05"), Decimal("80.00")]
    assert order.status == OrderStatus.PENDING


def test_an_order_of_another_tenants_product_is_not_placed():
    customer, product = factories.CustomerFactory(), factories.ProductFactory()
    with pytest.raises(IntegrityError, match="same_tenant"):
        services.order_place(customer=customer, lines=[services.OrderLine(product, 1)])


def test_completing_an_order_takes_two_steps_and_sets_the_date():
    order = an_order(placed_at=LONG_AGO)
    with pytest.raises(TransitionError, match="it can become cancelled, processing"):
        services.order_change_status(order=order, status=OrderStatus.COMPLETED)
    services.order_change_status(order=order, status=OrderStatus.PROCESSING)
    order = services.order_change_status(order=order, status=OrderStatus.COMPLETED)
    assert order.updated_at >= order.completed_at > order.order_date
    with pytest.raises(TransitionError, match="it can become nothing"):
        services.order_change_status(order=order, status=OrderStatus.CANCELLED)


def test_deleting_an_item_recomputes_its_order():
    order = an_order()
    order = services.order_item_delete(item=order.items.get(quantity=2))
    assert (order.subtotal, order.tax, order.total) == (
        *(Decimal("9.05"), Decimal("0.72"), Decimal("14.72")),
    )


def test_ordering_more_of_an_item_recomputes_it_and_its_order():
    item = an_order().items.get(quantity=1)
    order = services.order_item_change_quantity(item=item, quantity=3)
    item.refresh_from_db()
    assert (item.quantity, item.total) == (3, Decimal("29.15"))
    assert (order.subtotal, order.tax, order.total) == (
        *(Decimal("109.15"), Decimal("8.73"), Decimal("122.83")),
    )


def test_an_erased_customer_leaves_only_nameless_events():
    customer, other = factories.CustomerFactory(), factories.CustomerFactory()
    event = factories.EventFactory(
        customer=customer, ip_address="203.0.113.7", user_agent="a browser"
    )
    for person in (customer, other):
        factories.OrderItemFactory(order__customer=person)
        factories.InvoiceFactory(subscription__customer=person)
    services.customer_erase(customer=customer)
    for model in (Order, OrderItem, Subscription, Invoice):
        assert set(model.objects.values_list("tenant", flat=True)) == {other.tenant_id}
    event.refresh_from_db()
    assert (event.customer, event.ip_address, event.user_agent) == (None, None, "")


def test_an_erased_tenant_leaves_nothing_and_the_others_alone():
    mine, other = factories.InvoiceFactory(), factories.InvoiceFactory()
    factories.OrderItemFactory(order__customer=mine.customer)
    factories.EventFactory(customer=mine.customer)
    services.tenant_erase(tenant=mine.tenant)
    assert list(Invoice.objects.all()) == [other]
    assert list(Tenant.objects.all()) == [other.tenant]


def test_a_visit_is_recorded_at_once_identified_and_forgotten():
    customer = factories.CustomerFactory()
    actions = [services.Action(EventType.PAGE_VIEW, {"url": "/"}) for _ in range(3)]
    visits = [services.Visit("s_1", actions)]
    services.visits_record(tenant=customer.tenant, visits=visits)
    factories.EventFactory(session_id="s_1")
    assert services.visit_identify(customer=customer, session_id="s_1") == 3
    assert Event.objects.filter(customer=customer).count() == 3
    assert services.visit_forget(tenant=customer.tenant, session_id="s_1") == 3
    assert Event.objects.count() == 1


def test_stock_moves_by_what_was_sold_even_when_two_sell_at_once():
    product = factories.ProductFactory(stock_quantity=10, updated_at=LONG_AGO)
    for _ in range(2):
        services.product_move_stock(product=product, by=-6)
    product.refresh_from_db()
    assert product.stock_quantity == -2
    assert product.updated_at > LONG_AGO


def test_a_change_of_plan_ends_one_subscription_and_starts_the_next():
    old = factories.SubscriptionFactory(start_date=LONG_AGO.date())
    new = services.subscription_change_plan(
        subscription=old, plan_name="pro", monthly_amount=Decimal("99.00")
    )
    today = timezone.now().date()
    assert (old.status, old.end_date) == (SubscriptionStatus.CANCELLED, today)
    assert (new.customer, new.status, new.start_date) == (old.customer, "active", today)
    with pytest.raises(TransitionError, match="can't become cancelled"):
        services.subscription_change_plan(
            subscription=old, plan_name="plus", monthly_amount=Decimal("49.00")
        )


def test_a_trial_becomes_active_or_expires_and_nothing_else_does():
    trial = factories.SubscriptionFactory(status=SubscriptionStatus.TRIAL)
    assert services.subscription_activate(subscription=trial).status == "active"
    with pytest.raises(TransitionError, match="only one that is trial"):
        services.subscription_activate(subscription=trial)
    assert services.subscription_expire(subscription=trial).status == "expired"


def test_an_invoice_is_overdue_only_after_its_due_date_and_a_paid_one_stays_paid():
    invoice = factories.InvoiceFactory()
    with pytest.raises(TransitionError, match="not overdue"):
        services.invoice_mark_overdue(invoice=invoice)
    late = factories.InvoiceFactory(due_date=LONG_AGO.date())
    assert services.invoice_mark_overdue(invoice=late).status == InvoiceStatus.OVERDUE
    assert services.invoice_cancel(invoice=late).status == InvoiceStatus.CANCELLED
    services.invoice_pay(invoice=invoice)
    with pytest.raises(TransitionError, match="can't be cancelled"):
        services.invoice_cancel(invoice=invoice)


def test_a_row_that_breaks_a_rule_is_refused_with_and_without_the_forms_checks():
    product = factories.ProductFactory()
    with pytest.raises(ValidationError):
        services.product_change_price(product=product, price=Decimal(-1))
    with services.rules_checked_by_database():
        with pytest.raises(ValidationError):
            services.product_update(product=product, name="")
        product.refresh_from_db()
        with pytest.raises(IntegrityError, match="price_is_not_negative"):
            services.product_change_price(product=product, price=Decimal(-1))


def test_identity_and_creation_time_can_not_be_changed():
    customer = factories.CustomerFactory()
    for field in ("id", "tenant", "tenant_id", "created_at"):
        with pytest.raises(ImmutableFieldError, match=f"{field} of core.Customer .* can't change"):
            services.customer_update(customer=customer, **{field: LONG_AGO})


def test_an_update_sets_updated_at_and_only_what_was_asked():
    customer = factories.CustomerFactory(created_at=LONG_AGO, updated_at=LONG_AGO)
    services.customer_update(customer=customer, phone="+44 7700 900123")
    customer.refresh_from_db()
    assert customer.phone == "+44 7700 900123"
    assert customer.created_at == LONG_AGO
    assert customer.updated_at > LONG_AGO


@pytest.mark.parametrize("checked_by", ["the service", "the database"])
def test_a_value_that_stays_may_be_one_that_no_form_takes(checked_by):
    """An address of an old import does not keep its customer from a new telephone."""
    customer = factories.CustomerFactory(email="not an address")
    by_database = services.rules_checked_by_database()
    with by_database if checked_by == "the database" else nullcontext():
        services.customer_update(customer=customer, phone="+44 7700 900123")
    customer.refresh_from_db()
    assert customer.phone == "+44 7700 900123"


def test_an_invalid_value_is_refused_before_it_is_written():
    customer = factories.CustomerFactory()
    with pytest.raises(ValidationError):
        services.customer_update(customer=customer, email="not an address")
    customer.refresh_from_db()
    assert customer.email.endswith("@example.com")


def test_updating_many_rows_sets_updated_at():
    row = factories.CustomerFactory(updated_at=LONG_AGO)
    Customer.objects.filter(pk=row.pk).update(is_active=False)
    row.refresh_from_db()
    assert row.updated_at > LONG_AGO


def test_a_queryset_is_scoped_by_tenant_or_its_id():
    mine = factories.EventFactory()
    factories.EventFactory()
    assert list(Event.objects.for_tenant(mine.tenant)) == [mine]
    assert list(Event.objects.for_tenant(mine.tenant_id)) == [mine]


def test_a_sold_product_can_not_be_deleted():
    item = factories.OrderItemFactory()
    with pytest.raises(ProtectedError):
        services.product_delete(product=item.product)


def test_a_price_change_leaves_sold_items_alone():
    item = factories.OrderItemFactory()
    services.product_change_price(product=item.product, price=Decimal("99.00"))
    item.refresh_from_db()
    assert item.unit_price == Decimal("40.00")


def test_tenant_settings_are_merged():
    tenant = factories.TenantFactory()
    services.tenant_update_settings(tenant=tenant, features=["api"])
    tenant.refresh_from_db()
    assert tenant.settings["features"] == ["api"]
    assert tenant.settings["currency"] == "USD"


def test_a_yearly_subscription_is_billed_for_the_year_and_paid_once():
    subscription = services.subscription_start(
        customer=factories.CustomerFactory(),
        plan_name="pro",
        monthly_amount=Decimal("80.00"),
        billing_cycle=BillingCycle.YEARLY,
    )
    invoice = services.invoice_issue(subscription=subscription)
    assert (invoice.amount, invoice.status) == (Decimal("960.00"), InvoiceStatus.SENT)
    services.invoice_pay(invoice=invoice)
    assert invoice.paid_date == timezone.now().date()
    with pytest.raises(TransitionError, match="can't be paid"):
        services.invoice_pay(invoice=invoice)
