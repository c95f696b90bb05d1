"""A short day of business in one tenant: every kind of change that replication must carry.

Rows are chosen by a seeded random generator among those that are there, so it works again and
again.
"""

from collections.abc import Iterable, Iterator

from django.db import models, transaction
from django.utils import timezone

from ..errors import NothingToChangeError
from ..models import Customer, Order, OrderStatus, Product, Tenant
from ..seeding.draw import Chance
from .shop import Change, Shop, changed, fresh_ids
from .steps import billing, customers, orders, products, tenants, visits

NEW_ORDERS = 3


def make_demo_changes(seed: int) -> Iterator[Change]:
    """Make the changes, yielding each after its commit.

    Raises NothingToChangeError when no tenant has customers, products and orders.
    """
    chance = Chance(seed, "demo")
    shop = Shop(_busy_tenant(chance), chance, fresh_ids(seed), before=timezone.now())
    for step in (
        products.launch_product,
        *[_sell] * NEW_ORDERS,
        _complete_order,
        products.change_price,
        orders.delete_item,
        orders.delete_order,
        customers.update_customer_twice,
        products.recreate_product,
        orders.recreate_order,
        billing.subscribe,
        billing.pay_invoice,
        _visit,
        tenants.change_settings,
    ):
        yield from step(shop)


@transaction.atomic
def place_one_order(seed: int) -> Order:
    """Place and complete one order, in one transaction. Raises as make_demo_changes."""
    chance = Chance(seed, "one order")
    shop = Shop(_busy_tenant(chance), chance, fresh_ids(seed))
    customer = shop.pick(shop.mine(Customer), "customer")
    return orders.complete(orders.place(shop, customer, orders.basket(shop)))


@transaction.atomic
def _sell(shop: Shop) -> Iterable[Change]:
    customer = shop.pick(shop.mine(Customer), "customer")
    order = orders.complete(orders.place(shop, customer, orders.basket(shop)))
    return [changed("order placed and completed today", order, f"total {order.total}")]


def _complete_order(shop: Shop) -> Iterable[Change]:
    """As the step, but there is always one to complete."""
    if not shop.mine(Order).filter(status=OrderStatus.PROCESSING).exists():
        customer = shop.pick(shop.mine(Customer), "customer")
        orders.place(shop, customer, orders.basket(shop))
        orders.start_processing(shop)
    return orders.complete_order(shop)


@transaction.atomic
def _visit(shop: Shop) -> Iterable[Change]:
    customer = shop.pick(shop.mine(Customer), "customer")
    return visits.record_cart(shop, customer, shop.pick(shop.mine(Product), "product"))


def _busy_tenant(chance: Chance) -> Tenant:
    has_orders = models.Exists(Order.objects.filter(tenant=models.OuterRef("pk")))
    busy = list(Tenant.objects.filter(has_orders).order_by("pk"))
    if not busy:
        raise NothingToChangeError(
            "there is no tenant with orders; nothing was changed; "
            "fill the database with `manage.py seed_all`"
        )
    return chance.choice(busy)
