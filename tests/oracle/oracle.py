"""The second opinion on every table of Gold: its rows recomputed straight from the source.

Each query in sql/ was written from the metric definitions alone, without looking at the dbt
models, and in another manner than they are: most count again, for each row of the mart, what that
row is about. Slow and plain on purpose; scale medium takes minutes.
"""

import re
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extras import RealDictCursor

SQL = Path(__file__).parent / "sql"
PROMISE = Path(__file__).with_name("promise.sql")
SESSIONS = Path(__file__).with_name("sessions.sql")
TERMS = Path(__file__).with_name("terms.sql")

MARTS: dict[str, tuple[str, ...]] = {
    "tenant_summary": ("tenant_id",),
    "customer_metrics": ("tenant_id", "dt"),
    "customer_lifetime": ("tenant_id", "customer_id"),
    "customer_cohorts": ("tenant_id", "cohort_month", "month_number"),
    "product_performance": ("tenant_id", "product_id"),
    "revenue_metrics": ("tenant_id", "dt"),
    "revenue_growth": ("tenant_id", "month"),
    "category_performance": ("tenant_id", "month", "category"),
    "product_sales": ("tenant_id", "product_id", "dt"),
    "funnel_metrics": ("tenant_id", "hour"),
    "session_metrics": ("tenant_id", "dt"),
    "user_journeys": ("tenant_id", "path"),
    "customer_engagement": ("tenant_id", "customer_id"),
    "mrr_metrics": ("tenant_id", "month"),
    "plan_distribution": ("tenant_id", "month", "plan_name", "billing_cycle"),
    "payment_metrics": ("tenant_id", "month"),
}
"""Mart name to the columns that identify one row of it."""

STAR: dict[str, tuple[str, ...]] = {
    "dim_tenant": ("tenant_id",),
    "dim_customer": ("tenant_id", "customer_id"),
    "dim_product": ("tenant_id", "product_id"),
    "dim_date": ("dt",),
    "fct_orders": ("tenant_id", "order_id"),
    "fct_order_items": ("tenant_id", "order_item_id"),
    "fct_sessions": ("tenant_id", "session_key"),
    "fct_invoices": ("tenant_id", "invoice_id"),
    "fct_subscription_months": ("tenant_id", "subscription_id", "month"),
}
"""The same for dimensions and facts."""

TABLES = MARTS | STAR


def expected(
    dsn: str, mart: str, *, as_of_date: date, churn_days: int = 90, at_risk_days: int = 45
) -> list[dict[str, Any]]:
    """The rows that the mart must hold, ordered by its key, one dict a row.

    Ids are str, counts int, money Decimal with two decimals, ratios float or None, days and
    months date, moments naive UTC datetime. Raises KeyError for a name that is not in TABLES.
    """
    if mart not in TABLES:
        raise KeyError(f"no mart is called {mart!r}; the oracle knows {', '.join(TABLES)}")
    promise = PROMISE.read_text()
    query = (SQL / f"{mart}.sql").read_text()
    parameters = {
        "as_of_date": as_of_date,
        "churn_days": churn_days,
        "at_risk_days": at_risk_days,
    }
    # Closed without a commit: nothing stays of the temporary tables that are made first.
    connected = closing(psycopg2.connect(dsn, cursor_factory=RealDictCursor))
    with connected as connection, connection.cursor() as cursor:
        cursor.execute(promise)
        if re.search(r"\bfrom session(_event)?\b", query):
            cursor.execute(SESSIONS.read_text(), parameters)
        if re.search(r"\bterms_on\(|\bsubscription_version\b", query):
            cursor.execute(TERMS.read_text())
        cursor.execute(query, parameters)
        return [dict(row) for row in cursor.fetchall()]
