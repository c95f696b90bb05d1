"""Scale small looks like a business: shares, sums, and the order of things."""

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

FUNNEL = ["page_view", "product_view", "add_to_cart", "checkout", "purchase"]


def shares(values) -> dict[str, float]:
    counts = Counter(values)
    return {value: count / counts.total() for value, count in counts.items()}


def sessions(small) -> list[list]:
    found = defaultdict(list)
    for event in small["core_event"]:
        found[event.session_id].append(event)
    return list(found.values())


def test_order_statuses_have_their_shares(small):
    assert shares(order.status for order in small["core_order"]) == {
        "completed": 0.8,
        "processing": 0.1,
        "pending": 0.05,
        "cancelled": 0.05,
    }


def test_subscription_statuses_have_their_shares(small):
    assert shares(row.status for row in small["core_subscription"]) == {
        "active": 0.7,
        "trial": 0.1,
        "cancelled": 0.15,
        "expired": 0.05,
    }


def test_amounts_add_up(small):
    items = defaultdict(Decimal)
    for item in small["core_orderitem"]:
        assert item.total == item.quantity * item.unit_price - item.discount
        items[item.order_id] += item.total
    for order in small["core_order"]:
        assert order.subtotal == items[order.id]
        assert order.total == order.subtotal + order.tax + order.shipping


def test_prices_are_in_range_and_above_cost(small):
    assert all(5 <= row.price <= 2000 and 0 < row.cost < row.price for row in small["core_product"])
    assert {row.category for row in small["core_product"]} == {
        *("Electronics", "Clothing", "Home", "Books", "Sports")
    }


def test_the_average_order_is_between_50_and_200(small):
    totals = [order.total for order in small["core_order"]]
    assert 50 <= sum(totals) / len(totals) <= 200


def test_only_completed_orders_have_a_completion_after_the_order(small):
    for order in small["core_order"]:
        assert (order.completed_at is not None) == (order.status == "completed")
        assert order.completed_at is None or order.completed_at > order.order_date


def test_later_months_have_more_orders(small, small_plan):
    half = (
        small_plan.history.opens_at
        + (small_plan.history.closes_at - small_plan.history.opens_at) / 2
    )
    late = sum(order.order_date >= half for order in small["core_order"])
    assert 0.55 <= late / len(small["core_order"]) <= 0.65


def test_tenants_are_uneven(small):
    counts = sorted(Counter(order.tenant_id for order in small["core_order"]).values())
    assert counts[-1] >= 2 * counts[0]


def test_sessions_follow_the_funnel_without_long_pauses(small):
    for events in sessions(small):
        steps = [FUNNEL.index(e.event_type) for e in events if e.event_type in FUNNEL]
        assert set(range(1, max(steps) + 1)) <= set(steps)
        reached = [step for step in steps if step > 0]
        assert reached == sorted(reached)
        times = [event.created_at for event in events]
        assert times == sorted(times)
        assert max(times) - min(times) < timedelta(minutes=30)


def test_a_third_of_the_sessions_that_see_a_product_buy(small):
    kinds = [{event.event_type for event in events} for events in sessions(small)]
    seen = sum("product_view" in kind for kind in kinds)
    bought = sum("purchase" in kind for kind in kinds)
    assert 0.25 <= bought / seen <= 0.35


def test_every_purchase_is_an_order_of_its_customer(small):
    orders = {str(order.id): order for order in small["core_order"]}
    for event in small["core_event"]:
        if event.event_type == "purchase":
            order = orders[event.event_data["order_id"]]
            assert order.customer_id == event.customer_id
            assert order.order_date == event.created_at


def test_some_visitors_stay_anonymous(small):
    anonymous = [all(e.customer_id is None for e in events) for events in sessions(small)]
    assert 0.2 <= sum(anonymous) / len(anonymous) <= 0.5


def test_only_ended_subscriptions_have_an_end(small):
    for row in small["core_subscription"]:
        assert (row.end_date is not None) == (row.status in {"cancelled", "expired"})
        assert row.end_date is None or row.end_date > row.start_date


def test_a_change_of_plan_is_two_consecutive_subscriptions(small):
    careers = defaultdict(list)
    for row in small["core_subscription"]:
        careers[row.customer_id].append(row)
    changes = [rows for rows in careers.values() if len(rows) > 1]
    assert changes
    for first, second in changes:
        assert first.end_date == second.start_date
        assert first.plan_name != second.plan_name


def test_invoices_follow_their_subscriptions(small):
    subscriptions = {row.id: row for row in small["core_subscription"]}
    linked = [row for row in small["core_invoice"] if row.subscription_id]
    assert 0.4 < len(linked) / len(small["core_invoice"]) < 0.9
    for invoice in linked:
        subscription = subscriptions[invoice.subscription_id]
        months = 12 if subscription.billing_cycle == "yearly" else 1
        assert invoice.customer_id == subscription.customer_id
        assert invoice.amount == subscription.monthly_amount * months
        assert invoice.issue_date >= subscription.start_date
        assert subscription.end_date is None or invoice.issue_date < subscription.end_date


def test_invoice_statuses_agree_with_their_dates(small, small_plan):
    assert {row.status for row in small["core_invoice"]} == {
        *("draft", "sent", "paid", "overdue", "cancelled")
    }
    for row in small["core_invoice"]:
        assert (row.paid_date is not None) == (row.status == "paid")
        assert row.paid_date is None or row.issue_date <= row.paid_date < small_plan.end
        assert row.status != "overdue" or row.due_date < small_plan.end


def test_email_addresses_are_unique_in_a_tenant(small):
    addresses = [(row.tenant_id, row.email) for row in small["core_customer"]]
    assert len(set(addresses)) == len(addresses)


def test_settings_and_metadata_have_their_keys(small):
    for tenant in small["core_tenant"]:
        assert tenant.settings.keys() >= {"plan", "tier", "currency", "features"}
    for customer in small["core_customer"]:
        assert customer.metadata.keys() >= {"country", "age_band", "acquisition_channel"}
    for order in small["core_order"]:
        assert order.metadata["shipping_address"].keys() == {"country", "city"}
