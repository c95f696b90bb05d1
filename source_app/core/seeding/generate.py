"""A plan's rows, tenant by tenant, parents before children."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from .customers import Buyer, Buyers, as_buyer, make_customers
from .dirt.soiling import Soiling
from .invoices import Period, make_invoices
from .orders import Purchase, make_orders
from .plan import SeedPlan
from .products import Good, as_good, goods_shelf, make_products
from .rows import Row, SubscriptionRow
from .shops import Shop, planned_shops
from .subscriptions import make_subscriptions
from .visits import make_events, tracking

Batch = tuple[str, Iterable[Row]]
# Orders are held with their items for one batch at a time.
ORDERS_PER_BATCH = 1_000


class Parents(NamedTuple):
    """What a tenant has already that new rows may belong to; all oldest first."""

    buyers: list[Buyer] = []
    goods: list[Good] = []
    subscribers: frozenset = frozenset()
    subscriptions: list[SubscriptionRow] = []
    billed: frozenset[Period] = frozenset()
    purchases: list[Purchase] = []


NOTHING = Parents()


def generate(plan: SeedPlan, made: Counter | None = None) -> Iterator[Batch]:
    """(table, rows) batches. Rows of a batch are read once, and before the next batch.

    `made` is given the number of rows of each kind of dirt.
    """
    for shop in planned_shops(plan):
        soiling = Soiling(shop, plan.dirt, made if made is not None else Counter())
        yield "core_tenant", [shop.tenant]
        for table, rows in shop_batches(shop):
            yield table, soiling.rows(table, rows)


def shop_batches(shop: Shop, parents: Parents = NOTHING) -> Iterator[Batch]:
    """One tenant's clean rows, without the tenant itself."""
    customers, products = make_customers(shop), make_products(shop)
    yield "core_customer", customers
    yield "core_product", products
    everyone = [*parents.buyers, *map(as_buyer, customers)]
    buyers = Buyers(shop, everyone)
    goods = goods_shelf(shop, [*parents.goods, *map(as_good, products)])
    purchases = list(parents.purchases)
    sales = shop.volumes.orders - shop.order_statuses["cancelled"]
    has_session = tracking(shop, sales)
    orders = make_orders(shop, buyers, goods)
    while placed := list(islice(orders, ORDERS_PER_BATCH)):
        yield "core_order", [order.row for order in placed]
        yield "core_orderitem", [item for order in placed for item in order.items]
        purchases += [
            order.purchase
            for order in placed
            if order.row.status != "cancelled" and has_session.takes()
        ]
    yield "core_event", make_events(shop, buyers, goods, purchases)
    subscriptions = make_subscriptions(shop, everyone, parents.subscribers)
    yield "core_subscription", subscriptions
    bills_of = [*parents.subscriptions, *subscriptions]
    yield "core_invoice", make_invoices(shop, buyers, bills_of, parents.billed)
