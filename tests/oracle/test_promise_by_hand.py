"""What Silver promises, in the oracle's own words: one person, standard categories."""

from datetime import date

from tests.oracle.oracle import expected
from tests.oracle.shop_rows import ShopRows


def test_customers_with_one_address_are_the_one_created_first(shop: str, rows: ShopRows) -> None:
    tenant, other = rows.tenant(), rows.tenant("other")
    later = rows.customer(tenant, "2024-01-03 00:00:00", email="ANN@example.com ")
    first = rows.customer(tenant, "2024-01-02 00:00:00", email="ann@example.com")
    rows.customer(other, "2024-01-01 00:00:00", email="ann@example.com")
    for customer in (later, first):
        rows.order(customer, "2024-01-04 00:00:00")

    found = expected(shop, "customer_metrics", as_of_date=date(2024, 1, 4))

    ours = [row for row in found if row["tenant_id"] == tenant]
    assert [row["dt"].day for row in ours] == [2, 3, 4]
    assert [row["total_customers"] for row in ours] == [1, 1, 1]
    assert [row["repeat_customers"] for row in ours] == [0, 0, 1]


def test_customers_without_an_address_are_not_one_person(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    for _ in range(2):
        rows.customer(tenant, "2024-01-01 00:00:00", email=" ")
    (found,) = expected(shop, "customer_metrics", as_of_date=date(2024, 1, 1))
    assert found["total_customers"] == 2


def test_a_category_is_standard_however_it_is_spelt(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    order = rows.order(rows.customer(tenant), "2024-01-01 00:00:00")
    for spelling in ("Home & Kitchen", " home", "Bücher", "Desk"):
        rows.item(order, rows.product(tenant, category=spelling), 1, "1.00")
    found = expected(shop, "category_performance", as_of_date=date(2024, 1, 31))
    assert [(row["category"], row["units_sold"]) for row in found] == [
        *(("Books", 1), ("Home", 2), ("Other", 1)),
    ]


def test_asking_leaves_nothing_behind(shop: str, rows: ShopRows) -> None:
    tenant = rows.tenant()
    rows.product(tenant, category="Desk")
    for _ in range(2):
        (found,) = expected(shop, "product_performance", as_of_date=date(2024, 1, 31))
    assert found["tenant_id"] == tenant
