"""A Gold file of made-up numbers: every table and column of dbt's YAML that the dashboard reads.

Values say nothing about business; they are all different, so that a number in the wrong place, or
of another tenant, is noticed. Texts name the tenant whose row they are in.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from contracts.yaml_files import read_yaml
from lakehouse.governance.marts import MARTS_FOLDER

Row = dict[str, Any]
FIRST_DAY, LAST_DAY = date(2026, 5, 20), date(2026, 9, 14)
MONTHS = [date(2026, month, 1) for month in range(5, 10)]
DAYS = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
CATEGORIES, PRODUCTS, INVOICES = ("Books", "Home", "Toys"), 12, 15
NULLS = 0.06  # of ratios, which are null without a denominator


def make_gold(path: Path, tenants: Mapping[str, tuple[str, str]], seed: int = 1) -> None:
    """Write the file anew. tenants: id and currency by slug; the last day is LAST_DAY."""
    path.unlink(missing_ok=True)
    types = column_types()
    with duckdb.connect(str(path)) as gold:
        gold.execute("create schema lakehouse_gold")
        for mart, columns in types.items():
            shown = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            gold.execute(f"create table lakehouse_gold.{mart} ({shown})")
            rows = [row for tenant in tenants.items() for row in _rows(mart, columns, tenant, seed)]
            arriving = pa.table({name: [row[name] for row in rows] for name in columns})
            gold.register("arriving", arriving)
            gold.execute(f"insert into lakehouse_gold.{mart} select * from arriving")
            gold.unregister("arriving")


def _rows(
    mart: str, columns: Mapping[str, str], tenant: tuple[str, tuple[str, str]], seed: int
) -> Iterator[Row]:
    slug, (tenant_id, currency) = tenant
    dice = random.Random(f"{seed} {mart} {slug}")
    for key in keys(mart, slug):
        given = {"tenant_id": tenant_id, "currency": currency, "tenant_slug": slug, **key}
        yield {c: given[c] if c in given else _value(dice, c, k, slug) for c, k in columns.items()}


@cache
def column_types() -> dict[str, dict[str, str]]:
    """Types of the columns of every mart that has keys here."""
    models = [
        model for path in MARTS_FOLDER.rglob("*.yml") for model in read_yaml(path).get("models", [])
    ]
    return {
        m["name"]: {c["name"]: c["data_type"] for c in m["columns"]}
        for m in models
        if next(keys(m["name"], ""), None) is not None
    }


def keys(mart: str, slug: str) -> Iterator[Row]:
    """The keys of the mart's rows, without the tenant; nothing for a mart that is not read."""
    match mart:
        case "dim_tenant" | "tenant_summary":
            yield {"tenant_name": f"Shop of {slug}"}
        case "revenue_metrics" | "customer_metrics" | "session_metrics":
            yield from ({"dt": day} for day in DAYS)
        case "funnel_metrics":
            moments = (datetime(d.year, d.month, d.day, h) for d in DAYS for h in (0, 9, 23))
            yield from ({"hour": moment} for moment in moments)
        case "revenue_growth":
            for month in MONTHS:
                yield {"month": month, "is_complete_month": month not in (MONTHS[0], MONTHS[-1])}
        case "mrr_metrics" | "payment_metrics":
            yield from ({"month": month} for month in MONTHS)
        case "fct_subscription_months":
            yield from ({"month": m, "measured_on": min(month_end(m), LAST_DAY)} for m in MONTHS)
        case "plan_distribution":
            yield from ({"month": m, "plan_name": p} for m in MONTHS for p in ("basic", "pro"))
        case "category_performance":
            for month in MONTHS:
                for rank, category in enumerate(CATEGORIES, 1):
                    yield {"month": month, "category": category, "rank_in_month": rank}
        case "customer_cohorts":
            for n, cohort in enumerate(MONTHS):
                for number in range(len(MONTHS) - n):
                    yield {"cohort_month": cohort, "month_number": number}
        case "dim_product" | "product_performance":
            for n in range(PRODUCTS):
                yield {"product_id": f"{slug}-{n}", "rank_in_tenant": n + 1}
        case "user_journeys":
            yield from ({"path": f"page_view > {n} of {slug}"} for n in range(8))
        case "fct_invoices":
            for n in range(INVOICES):
                yield {"invoice_id": f"{slug}-{n}", "is_outstanding": n % 3 != 0}


def month_end(month: date) -> date:
    """The last day of the month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _value(dice: random.Random, column: str, kind: str, slug: str) -> Any:
    if kind.startswith("decimal"):
        return Decimal(dice.randrange(100, 9_999_999)) / 100
    if kind == "double":
        return None if dice.random() < NULLS else dice.random()
    if kind in ("bigint", "integer"):
        return dice.randrange(1, 100_000)
    if kind == "boolean":
        return dice.random() < 0.5
    if kind == "date":
        return dice.choice(DAYS)
    if kind.startswith("timestamp"):
        return datetime(2026, 6, 1) + timedelta(seconds=dice.randrange(9_000_000))
    return f"{column} of {slug} {dice.randrange(1000)}"
