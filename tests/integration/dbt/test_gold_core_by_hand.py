"""Dimensions and facts, built from the Silver made by hand."""

from datetime import date
from decimal import Decimal

import pytest

from tests.integration.dbt.by_hand import ANN, BOB, BUSY, CAT, CUP, EMPTY, PEN
from tests.integration.dbt.silver import uuid

pytestmark = pytest.mark.dbt
D = Decimal


def test_dimensions_have_every_live_row(gold):
    tenants = gold.execute("select tenant_id from dim_tenant order by 1").fetchall()
    products = gold.execute("select product_id, is_out_of_stock from dim_product order by 1")
    assert tenants == [(BUSY,), (EMPTY,)]
    assert products.fetchall() == [(CUP, False), (PEN, True)]


def test_customers_know_their_cohort(gold):
    found = gold.execute(
        "select customer_id, account_count, first_ordered_on, cohort_month from dim_customer"
        " order by customer_id"
    ).fetchall()
    assert found == [
        (ANN, 1, date(2026, 3, 1), date(2026, 3, 1)),
        (BOB, 1, date(2025, 12, 31), date(2025, 12, 1)),
        (CAT, 1, None, None),
    ]


def test_the_calendar_reaches_from_the_first_fact_to_the_end_of_the_month(gold):
    found = gold.execute(
        "select min(dt), max(dt), count(*), count(distinct dt) from dim_date"
    ).fetchall()
    assert found == [(date(2025, 12, 1), date(2026, 3, 31), 121, 121)]


def test_orders_of_every_status_carry_their_items(gold):
    found = gold.execute(
        """
        select order_id, order_status, order_total, item_count, units, discounts, net_amount,
            cost, gross_profit, days_since_registration, customer_order_number
        from fct_orders order by ordered_at, order_id
        """
    ).fetchall()
    zero = D(0)
    assert found == [
        (uuid(103), "completed", D(7), 1, 1, zero, D(5), D("2.50"), D("2.50"), -1, 1),
        (uuid(101), "completed", D(11), 1, 3, D(2), D(10), D("7.50"), D("2.50"), 59, 1),
        (uuid(102), "completed", D("0.01"), 1, 1, zero, D("0.01"), zero, zero, 60, 2),
        (uuid(105), "cancelled", D(7), 0, 0, zero, zero, zero, zero, 60, None),
    ]


def test_orders_carry_the_category_of_most_of_their_money(gold):
    found = gold.execute(
        "select order_id, main_category, product_count from fct_orders order by order_id"
    ).fetchall()
    assert found == [
        (uuid(101), "desk", 1),
        (uuid(102), "Unknown", 1),
        (uuid(103), "desk", 1),
        (uuid(105), None, 0),
    ]


def test_items_of_deleted_orders_are_no_facts(gold):
    found = gold.execute(
        "select order_item_id, category, gross_profit from fct_order_items order by order_item_id"
    ).fetchall()
    assert found == [
        (uuid(201), "desk", D("2.50")),
        (uuid(202), "Unknown", None),
        (uuid(204), "desk", D("2.50")),
    ]


def test_invoices_stand_as_on_as_of_date(gold):
    found = gold.execute(
        """
        select invoice_id, days_to_pay, days_past_due, was_on_time, is_outstanding
        from fct_invoices order by invoice_id
        """
    ).fetchall()
    assert found == [
        (uuid(400), 10, None, True, False),
        (uuid(401), 11, None, False, False),
        (uuid(402), None, 31, None, True),
        (uuid(403), None, None, None, False),
    ]
