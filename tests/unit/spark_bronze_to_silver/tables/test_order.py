"""An order's total, its dates and the details of its metadata."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from tests.fakes.typed_rows import cleaned

pytestmark = pytest.mark.spark

PLACED = dt.datetime(2026, 2, 1, 12)


def order(**values):
    amounts = {"subtotal": Decimal("10.00"), "tax": Decimal("1.90"), "shipping": Decimal("4.00")}
    return {
        **amounts,
        "total": Decimal("15.90"),
        "status": "pending",
        "order_date": PLACED,
        "metadata": "{}",
        **values,
    }


def test_a_total_beyond_the_type_is_null_and_flagged(spark, contracts):
    most = Decimal("9999999999999999.99")
    (row,) = cleaned(spark, contracts["order"], order(subtotal=most, tax=most, total=most))
    assert (row.total, row.source_total, row.dq_issues) == (None, most, ["total_mismatch"])


def test_the_total_is_recalculated_and_a_cent_of_difference_flagged(spark, contracts):
    right, wrong = cleaned(spark, contracts["order"], order(), order(total=Decimal("15.91")))
    assert (right.total, right.source_total, right.dq_issues) == (right.total, right.total, [])
    assert (wrong.total, wrong.source_total) == (Decimal("15.90"), Decimal("15.91"))
    assert wrong.dq_issues == ["total_mismatch"]


def test_completion_and_its_date_go_together(spark, contracts):
    later, before = PLACED + dt.timedelta(hours=1), PLACED - dt.timedelta(hours=1)
    cases = [
        (order(status="completed", completed_at=later), []),
        (order(status="completed"), ["completed_without_date"]),
        (order(status="processing", completed_at=later), ["date_without_completion"]),
        (order(status="completed", completed_at=before), ["completed_before_order"]),
    ]
    rows = cleaned(spark, contracts["order"], *[given for given, _ in cases])
    assert [r.dq_issues for r in rows] == [issues for _, issues in cases]


def test_metadata_becomes_columns_whatever_it_holds(spark, contracts):
    address = {"country": "de", "city": "Köln"}
    given = [{"payment_method": "PayPal", "shipping_address": address}, {"shipping_address": "x"}]
    texts = [*map(json.dumps, given), "[]"]
    full, odd, listed = cleaned(
        spark, contracts["order"], *[order(metadata=text) for text in texts]
    )
    assert (full.payment_method, full.shipping_country, full.shipping_city) == (
        *("paypal", "DE", "Köln"),
    )
    assert (odd.payment_method, odd.shipping_country, odd.dq_issues) == (None, None, [])
    assert (listed.payment_method, listed.dq_issues) == (None, ["malformed_metadata"])
