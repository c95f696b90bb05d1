"""A plan's rows, tenant by tenant, parents before children."""

from collections.abc import Iterable, Iterator

from .customers import customer_shelf, make_customers
from .invoices import make_invoices
from .orders import make_orders
from .plan import SeedPlan
from .products import make_products, product_shelf
from .rows import Row
from .shops import Shop, make_shops
from .subscriptions import make_subscriptions
from .visits import make_events

Batch = tuple[str, Iterable[Row]]


def generate(plan: SeedPlan) -> Iterator[Batch]:
    """(table, rows) batches; a table comes once per tenant. Rows of a batch are read once."""
    for shop in make_shops(plan):
        yield from _shop_batches(shop)


def _shop_batches(shop: Shop) -> Iterator[Batch]:
    customers, products = make_customers(shop), make_products(shop)
    buyers, goods = customer_shelf(shop, customers), product_shelf(shop, products)
    orders = make_orders(shop, buyers, goods)
    subscriptions = make_subscriptions(shop, customers)
    yield "core_tenant", [shop.tenant]
    yield "core_customer", customers
    yield "core_product", products
    yield "core_order", [order.row for order in orders]
    yield "core_orderitem", [item for order in orders for item in order.items]
    yield "core_event", make_events(shop, buyers, goods, orders)
    yield "core_subscription", subscriptions
    yield "core_invoice", make_invoices(shop, buyers, subscriptions)
