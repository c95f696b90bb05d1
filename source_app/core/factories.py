"""Rows for tests: valid by themselves, and never from two tenants at once."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from .models import (
    Customer,
    Event,
    EventType,
    Invoice,
    InvoiceStatus,
    Order,
    OrderItem,
    Product,
    Subscription,
    SubscriptionStatus,
    Tenant,
)


class TenantFactory(DjangoModelFactory):
    """A tenant of the mid-market."""

    class Meta:
        model = Tenant

    name = Sequence(lambda n: f"Company {n}")
    slug = Sequence(lambda n: f"company-{n}")
    settings = LazyFunction(
        lambda: {
            "plan": "growth",
            "tier": "mid_market",
            "currency": "USD",
            "country": "US",
            "tax_percent": 8,
            "features": ["analytics"],
        }
    )


class CustomerFactory(DjangoModelFactory):
    """An active customer of a tenant."""

    class Meta:
        model = Customer

    tenant = SubFactory(TenantFactory)
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    email = Sequence(lambda n: f"customer{n}@example.com")
    metadata = LazyFunction(lambda: {"country": "US", "age_band": "25-34"})


class ProductFactory(DjangoModelFactory):
    """A product in stock that costs half its price."""

    class Meta:
        model = Product

    tenant = SubFactory(TenantFactory)
    sku = Sequence(lambda n: f"SKU-{n:05d}")
    name = factory.Faker("catch_phrase")
    category = "Home"
    price = Decimal("40.00")
    cost = LazyAttribute(lambda product: product.price / 2)
    stock_quantity = 10


class OrderFactory(DjangoModelFactory):
    """A pending order of a customer, in the customer's tenant; its amounts add up."""

    class Meta:
        model = Order

    tenant = SelfAttribute("customer.tenant")
    customer = SubFactory(CustomerFactory)
    order_number = Sequence(lambda n: f"ORDER-{n:06d}")
    subtotal = Decimal("40.00")
    tax = Decimal("3.20")
    shipping = Decimal("4.95")
    total = LazyAttribute(lambda order: order.subtotal + order.tax + order.shipping)
    order_date = LazyAttribute(lambda order: order.created_at)
    created_at = LazyFunction(timezone.now)
    metadata = LazyFunction(lambda: {"payment_method": "card"})


class OrderItemFactory(DjangoModelFactory):
    """One unit of a product of the order's tenant, at the product's price."""

    class Meta:
        model = OrderItem

    tenant = SelfAttribute("order.tenant")
    order = SubFactory(OrderFactory)
    product = SubFactory(ProductFactory, tenant=SelfAttribute("..order.tenant"))
    quantity = 1
    unit_price = SelfAttribute("product.price")
    total = LazyAttribute(lambda item: item.quantity * item.unit_price)


class EventFactory(DjangoModelFactory):
    """A page view of a known customer."""

    class Meta:
        model = Event

    tenant = SelfAttribute("customer.tenant")
    customer = SubFactory(CustomerFactory)
    event_type = EventType.PAGE_VIEW
    event_data = LazyFunction(lambda: {"url": "https://shop.example.com/"})
    session_id = Sequence(lambda n: f"s_{n:024x}")
    ip_address = "198.18.0.1"


class SubscriptionFactory(DjangoModelFactory):
    """An active subscription that started today."""

    class Meta:
        model = Subscription

    tenant = SelfAttribute("customer.tenant")
    customer = SubFactory(CustomerFactory)
    plan_name = "plus"
    status = SubscriptionStatus.ACTIVE
    start_date = LazyFunction(lambda: timezone.now().date())
    monthly_amount = Decimal("49.00")


class InvoiceFactory(DjangoModelFactory):
    """A sent invoice for a subscription, to the customer who holds it."""

    class Meta:
        model = Invoice

    tenant = SelfAttribute("subscription.tenant")
    customer = SelfAttribute("subscription.customer")
    subscription = SubFactory(SubscriptionFactory)
    invoice_number = Sequence(lambda n: f"INVOICE-{n:06d}")
    amount = SelfAttribute("subscription.monthly_amount")
    status = InvoiceStatus.SENT
    issue_date = SelfAttribute("subscription.start_date")
    due_date = LazyAttribute(lambda invoice: invoice.issue_date + timedelta(days=14))
