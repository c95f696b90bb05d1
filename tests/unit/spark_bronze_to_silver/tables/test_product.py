"""Products get a standard category, margins and a price band; broken rules are flagged."""

from decimal import Decimal

import pytest

from spark_bronze_to_silver.tables.categories import CATEGORIES, SPELLINGS
from tests.fakes.typed_rows import cleaned

pytestmark = pytest.mark.spark


def product(**values):
    return {
        "category": "Books",
        "price": Decimal("20.00"),
        "cost": Decimal("15.00"),
        "stock_quantity": 3,
        **values,
    }


def test_a_category_is_found_however_it_is_spelt(spark, contracts):
    spellings = ["Electronics", "  ELECTRONICS", "Home & Kitchen", "home_garden", "Bücher", "sport"]
    spellings += ["Other"]
    rows = cleaned(spark, contracts["product"], *[product(category=s) for s in spellings])
    assert [r.category for r in rows] == [
        *("Electronics", "Electronics", "Home", "Home", "Books", "Sports", "Other"),
    ]
    assert [r.source_category for r in rows] == spellings
    assert all(r.dq_issues == [] for r in rows)


def test_an_unknown_category_is_other_and_flagged(spark, contracts):
    rows = cleaned(spark, contracts["product"], *[product(category=c) for c in ("Desk", "", None)])
    assert [(r.category, r.dq_issues) for r in rows] == [("Other", ["unknown_category"])] * 3


def test_no_spelling_stands_for_two_categories():
    spellings = [s for spelt in SPELLINGS.values() for s in spelt]
    assert len(spellings) == len(set(spellings))
    assert {c.lower() for c in CATEGORIES} <= {*spellings}


def test_a_tombstone_without_values_has_no_category(spark, contracts):
    (row,) = cleaned(spark, contracts["product"], {"is_deleted": True})
    assert (row.category, row.price_band, row.dq_issues) == (None, None, [])


def test_margins_and_stock(spark, contracts):
    row, free = cleaned(
        spark, contracts["product"], product(), product(price=Decimal(0), stock_quantity=0)
    )
    assert (row.unit_margin, row.margin_rate) == (Decimal("5.00"), 0.25)
    assert (row.is_out_of_stock, free.is_out_of_stock) == (False, True)
    assert (free.unit_margin, free.margin_rate) == (Decimal("-15.00"), None)
    assert free.dq_issues == ["cost_above_price", "non_positive_price"]


def test_price_bands_start_at_their_lower_bound(spark, contracts):
    prices = ["9.99", "10.00", "49.99", "50.00", "199.99", "200.00"]
    given = [product(price=Decimal(p), cost=Decimal(0)) for p in prices]
    bands = [r.price_band for r in cleaned(spark, contracts["product"], *given)]
    assert bands == [
        *("under_10", "10_to_50", "10_to_50"),
        *("50_to_200", "50_to_200", "200_and_more"),
    ]


def test_negative_stock_is_flagged_on_live_rows_only(spark, contracts):
    given = [product(stock_quantity=-1), product(stock_quantity=-1, is_deleted=True)]
    live, tombstone = cleaned(spark, contracts["product"], *given)
    assert (live.dq_issues, tombstone.dq_issues) == (["negative_stock"], [])
