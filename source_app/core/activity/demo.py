"""A short day of business in one tenant: every kind of change that replication must carry.

Each step commits by itself, in one transaction unless its text says otherwise. Rows are chosen by
a seeded random generator among those that are there, so it works again and again.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import models, transaction
from django.utils import timezone

from .. import services
from ..errors import NothingToChangeError
from ..models import (
    Customer,
    EventType,
    Invoice,
    Order,
    OrderItem,
    OrderStatus,
    Product,
    Tenant,
)

NEW_ORDERS = 3
EARLY_ACCESS = "early_access"
ADDRESS, BROWSER = "198.18.0.1", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"

Model = TypeVar("Model", bound=models.Model)


@dataclass(frozen=True)
class Change:
    """One line of the report: what happened to which row."""

    action: str
    table: str
    row_id: UUID
    detail: str = ""


def make_demo_changes(seed: int) -> Iterator[Change]:
    """Make the changes, yielding each after its commit.

    Raises NothingToChangeError when no tenant has customers, products and orders.
    """
    day = _Day(random.Random(seed))
    for step in (
        day.launch_product,
        day.sell,
        day.complete_order,
        day.change_price,
        day.delete_item,
        day.delete_order,
        day.update_customer_twice,
        day.recreate_product,
        day.recreate_order,
        day.subscribe,
        day.pay_invoice,
        day.visit,
        day.change_settings,
    ):
        yield from step()


class _Day:
    """The tenant, and the generator that chooses among its rows."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._started = timezone.now()
        tenants = Tenant.objects.filter(
            models.Exists(Order.objects.filter(tenant=models.OuterRef("pk")))
        )
        self._tenant = self._pick(tenants, "tenant with orders")

    def launch_product(self) -> Iterator[Change]:
        product = services.product_create(
            tenant=self._tenant,
            sku=f"NEW-{uuid4().hex[:8].upper()}",
            name="Limited Edition Mug",
            category="Home",
            price=Decimal("14.99"),
            cost=Decimal("6.20"),
            stock_quantity=100,
        )
        yield _change("product launched", product, product.sku)

    def sell(self) -> Iterator[Change]:
        for _ in range(NEW_ORDERS):
            customer = self._pick(self._mine(Customer), "customer")
            with transaction.atomic():
                order = self._place(customer)
                order = services.order_change_status(order=order, status=OrderStatus.PROCESSING)
                order = services.order_change_status(order=order, status=OrderStatus.COMPLETED)
            yield _change("order placed and completed today", order, f"total {order.total}")

    def complete_order(self) -> Iterator[Change]:
        waiting = self._mine(Order).filter(status=OrderStatus.PROCESSING)
        if not waiting.exists():
            placed = self._place(self._pick(self._mine(Customer), "customer"))
            services.order_change_status(order=placed, status=OrderStatus.PROCESSING)
        order = self._pick(waiting, "order in processing")
        order = services.order_change_status(order=order, status=OrderStatus.COMPLETED)
        yield _change("order processing -> completed", order, f"total {order.total}")

    def change_price(self) -> Iterator[Change]:
        product = self._pick(self._earlier(Product), "product")
        old = product.price
        factor = Decimal("1.08") if old < product.cost * Decimal("1.2") else Decimal("0.92")
        new = max((old * factor).quantize(Decimal("0.01")), Decimal("0.01"))
        services.product_change_price(product=product, price=new)
        yield _change("product price changed", product, f"{old} -> {new}")

    def delete_item(self) -> Iterator[Change]:
        orders = self._sold().annotate(size=models.Count("items")).filter(size__gte=2)
        item = self._pick(
            OrderItem.objects.filter(order=self._pick(orders, "order with two items")), "item"
        )
        row_id, total = item.pk, item.total
        order = services.order_item_delete(item=item)
        yield Change("order item deleted", "core_orderitem", row_id, f"worth {total}")
        yield _change("  its order's amounts follow", order, f"total {order.total}")

    def delete_order(self) -> Iterator[Change]:
        order = self._pick(self._sold(), "completed order")
        row_id, detail = order.pk, f"total {order.total}, {order.items.count()} items"
        services.order_delete(order=order)
        yield Change("order deleted with its items", "core_order", row_id, detail)

    def update_customer_twice(self) -> Iterator[Change]:
        customer = self._pick(self._mine(Customer), "customer")
        metadata = {**customer.metadata, "last_contact": self._started.date().isoformat()}
        with transaction.atomic():
            services.customer_update(customer=customer, metadata=metadata)
            services.customer_update(customer=customer, phone=self._phone())
        yield _change(
            "customer updated twice, one transaction", customer, f"phone {customer.phone}"
        )

    def recreate_product(self) -> Iterator[Change]:
        unsold = self._mine(Product).filter(orderitem__isnull=True)
        product = self._pick(unsold, "product that was never sold")
        row_id = product.pk
        services.product_delete(product=product)
        yield Change("product deleted", "core_product", row_id, product.sku)
        product = services.product_create(
            tenant=self._tenant,
            sku=product.sku,
            name=product.name,
            description=product.description,
            category=product.category,
            price=product.price + 1,
            cost=product.cost,
            stock_quantity=product.stock_quantity,
            product_id=row_id,
        )
        yield _change("product re-created, next transaction", product, f"price {product.price}")

    def recreate_order(self) -> Iterator[Change]:
        order = self._pick(self._sold(), "completed order")
        row_id, old_total = order.pk, order.total
        with transaction.atomic():
            services.order_delete(order=order)
            order = self._place(order.customer, order_id=row_id, placed_at=order.order_date)
            order = services.order_change_status(order=order, status=OrderStatus.PROCESSING)
            order = services.order_change_status(order=order, status=OrderStatus.COMPLETED)
        detail = f"total {old_total} -> {order.total}"
        yield _change("order deleted and re-created, one transaction", order, detail)

    def subscribe(self) -> Iterator[Change]:
        customer = self._pick(self._mine(Customer), "customer")
        with transaction.atomic():
            subscription = services.subscription_start(
                customer=customer, plan_name="plus", monthly_amount=Decimal("49.00")
            )
            invoice = services.invoice_issue(subscription=subscription)
        yield _change("subscription started", subscription, "49.00 a month")
        yield _change("  its first invoice sent", invoice, f"amount {invoice.amount}")

    def pay_invoice(self) -> Iterator[Change]:
        unpaid = self._mine(Invoice).filter(status__in=["sent", "overdue"])
        invoice = self._pick(unpaid, "unpaid invoice")
        old = invoice.status
        services.invoice_pay(invoice=invoice)
        yield _change("invoice paid", invoice, f"{old} -> paid, amount {invoice.amount}")

    def visit(self) -> Iterator[Change]:
        customer = self._pick(self._mine(Customer), "customer")
        product = self._pick(self._mine(Product), "product")
        base, session = f"https://{self._tenant.slug}.example.com", f"s_{uuid4().hex[:24]}"
        details = {"product_id": str(product.pk)}
        for event_type, path, data in (
            (EventType.PAGE_VIEW, "/", {}),
            (EventType.PRODUCT_VIEW, f"/products/{product.pk}", details),
            (EventType.ADD_TO_CART, "/cart", {**details, "cart_value": float(product.price)}),
        ):
            event = services.event_record(
                tenant=self._tenant,
                event_type=event_type,
                session_id=session,
                event_data={"url": base + path, **data},
                customer=customer,
                ip_address=ADDRESS,
                user_agent=BROWSER,
            )
            yield _change(f"event {event_type}", event, session)

    def change_settings(self) -> Iterator[Change]:
        features = set(self._tenant.settings.get("features", [])) ^ {EARLY_ACCESS}
        services.tenant_update_settings(tenant=self._tenant, features=sorted(features))
        yield _change("tenant settings changed", self._tenant, f"features {sorted(features)}")

    def _mine(self, model: type[Model]) -> models.QuerySet[Model]:
        return model.objects.for_tenant(self._tenant)

    def _earlier(self, model: type[Model]) -> models.QuerySet[Model]:
        """Rows from before this run, so that one run does not undo its own changes."""
        return self._mine(model).filter(created_at__lt=self._started)

    def _sold(self) -> models.QuerySet[Order]:
        return self._earlier(Order).filter(status=OrderStatus.COMPLETED)

    def _pick(self, rows: models.QuerySet[Model], what: str) -> Model:
        count = rows.count()
        if not count:
            raise NothingToChangeError(
                f"there is no {what}; changes up to here are committed; "
                "fill the database with `manage.py seed_all`"
            )
        return rows.order_by("pk")[self._chance.randrange(count)]

    def _place(self, customer: Customer, **identity: object) -> Order:
        first = self._pick(self._earlier(Product), "product")
        second = self._pick(self._earlier(Product).exclude(pk=first.pk), "second product")
        return services.order_place(
            customer=customer,
            lines=[
                services.OrderLine(first, self._chance.randint(1, 3)),
                services.OrderLine(second, 1, discount=second.price / 10 // 1),
            ],
            shipping=Decimal("4.95"),
            metadata=self._pick(self._earlier(Order), "order").metadata,
            **identity,
        )

    def _phone(self) -> str:
        return f"+1 212 555 0{self._chance.randrange(100, 200)}"


def _change(action: str, row: models.Model, detail: str) -> Change:
    return Change(action, row._meta.db_table, row.pk, detail)
