"""How often each thing happens: steps with their weights, by the names that the command offers."""

from collections.abc import Callable, Iterable, Mapping

from .shop import Change, Shop
from .steps import billing, customers, orders, products, tenants, visits

Step = Callable[[Shop], Iterable[Change]]

ORDERS: Mapping[Step, float] = {
    orders.buy: 40,
    orders.start_processing: 20,
    orders.complete_order: 18,
    orders.cancel_order: 4,
    orders.change_item: 4,
    orders.delete_item: 3,
    orders.delete_order: 2,
    orders.recreate_order: 2,
}
EVENTS: Mapping[Step, float] = {
    visits.visit: 25,
    visits.log_in: 5,
    visits.forget_visit: 2,
}
UPDATES: Mapping[Step, float] = {
    customers.register: 8,
    customers.update_customer_twice: 10,
    customers.toggle_customer: 2,
    customers.erase_customer: 2,
    products.launch_product: 3,
    products.restock: 10,
    products.change_price: 6,
    products.retire_product: 2,
    products.delete_product: 1,
    products.recreate_product: 1,
    billing.subscribe: 6,
    billing.try_out: 2,
    billing.end_trial: 2,
    billing.change_plan: 3,
    billing.unsubscribe: 1,
    billing.bill: 5,
    billing.pay_invoice: 8,
    billing.flag_overdue: 2,
    billing.cancel_invoice: 1,
    tenants.change_settings: 2,
    tenants.open_tenant: 1,
    tenants.close_tenant: 0.5,
    tenants.reopen_tenant: 0.5,
}
# What changes tenants other than the one it is given; left out when only one may change.
ACROSS_TENANTS = {tenants.open_tenant, tenants.close_tenant, tenants.reopen_tenant}

OPERATIONS: Mapping[str, Mapping[Step, float]] = {
    "orders": ORDERS,
    "events": EVENTS,
    "updates": UPDATES,
    "all": {**ORDERS, **EVENTS, **UPDATES},
}
