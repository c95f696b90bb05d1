"""Every metric of the semantic layer, as MetricFlow answers it, against its mart's own column.

MetricFlow writes the SQL, DuckDB runs it: what `mf query` does, without its look for updates.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

pytestmark = pytest.mark.dbt

DAY, MONTH = "metric_time__day", "metric_time__month"
# Metric to the mart, its column of time, the query's grain, and the column that it must equal.
COLUMNS = {
    "orders": ("revenue_metrics", "dt", DAY, "order_count"),
    "revenue": ("revenue_metrics", "dt", DAY, "total_revenue"),
    "net_revenue": ("revenue_metrics", "dt", DAY, "net_revenue"),
    "aov": ("revenue_metrics", "dt", DAY, "avg_order_value"),
    "buyers": ("revenue_metrics", "dt", DAY, "unique_customers"),
    "new_customer_orders": ("revenue_metrics", "dt", DAY, "new_customer_orders"),
    "repeat_customer_orders": ("revenue_metrics", "dt", DAY, "repeat_customer_orders"),
    "cancelled_orders": ("revenue_metrics", "dt", DAY, "cancelled_order_count"),
    "cancelled_value": ("revenue_metrics", "dt", DAY, "cancelled_value"),
    "units_sold": ("product_sales", "dt", DAY, "sum(units_sold)"),
    "net_sales": ("product_sales", "dt", DAY, "sum(net_sales)"),
    "discounts": ("revenue_metrics", "dt", DAY, "discounts"),
    "sessions": ("session_metrics", "dt", DAY, "sessions"),
    "visitors": ("session_metrics", "dt", DAY, "unique_visitors"),
    "converting_sessions": ("session_metrics", "dt", DAY, "conversion_rate * sessions"),
    "bounces": ("session_metrics", "dt", DAY, "bounce_rate * sessions"),
    "carts_created": ("session_metrics", "dt", DAY, "carts_created"),
    "carts_abandoned": ("session_metrics", "dt", DAY, "cart_abandonment_rate * carts_created"),
    "conversion_rate": ("session_metrics", "dt", DAY, "conversion_rate"),
    "bounce_rate": ("session_metrics", "dt", DAY, "bounce_rate"),
    "cart_abandonment_rate": ("session_metrics", "dt", DAY, "cart_abandonment_rate"),
    "mrr": ("mrr_metrics", "month", MONTH, "ending_mrr"),
    "arr": ("mrr_metrics", "month", MONTH, "arr"),
    "opening_mrr": ("mrr_metrics", "month", MONTH, "starting_mrr"),
    "new_mrr": ("mrr_metrics", "month", MONTH, "new_mrr"),
    "churned_mrr": ("mrr_metrics", "month", MONTH, "churned_mrr"),
    "contraction_mrr": ("mrr_metrics", "month", MONTH, "contraction_mrr"),
    "gross_mrr_churn_rate": ("mrr_metrics", "month", MONTH, "gross_mrr_churn_rate"),
    "paying_customers": ("mrr_metrics", "month", MONTH, "paying_customers"),
    "customers": ("customer_metrics", "dt", DAY, "total_customers"),
    "ordering_customers": ("customer_metrics", "dt", DAY, "ordering_customers"),
    "churned_customers": ("customer_metrics", "dt", DAY, "churned_customers"),
    "repeat_customers": ("customer_metrics", "dt", DAY, "repeat_customers"),
    "churn_rate": ("customer_metrics", "dt", DAY, "churn_rate"),
    "repeat_rate": ("customer_metrics", "dt", DAY, "repeat_rate"),
    "ltv": ("customer_metrics", "dt", DAY, "avg_ltv"),
    "invoiced_amount": ("payment_metrics", "month", MONTH, "invoiced_amount"),
    "paid_amount": ("payment_metrics", "month", MONTH, "paid_amount"),
    "outstanding_amount": ("payment_metrics", "month", MONTH, "outstanding_amount"),
}
HALF_A_CENT = Decimal("0.005")


@dataclass(frozen=True)
class SqlOnly:
    """All that MetricFlow needs to know of a database in order to write SQL for it."""

    sql_engine_type: SqlEngine = SqlEngine.DUCKDB
    sql_plan_renderer: DuckDbSqlPlanRenderer = DuckDbSqlPlanRenderer()


@pytest.fixture(scope="module")
def metricflow(built: Path) -> MetricFlowEngine:
    text = (built / "target" / "semantic_manifest.json").read_text()
    manifest = parse_manifest_from_dbt_generated_manifest(text)
    return MetricFlowEngine(SemanticManifestLookup(manifest), SqlOnly())


def test_every_metric_is_compared(metricflow):
    assert {metric.name for metric in metricflow.list_metrics()} == set(COLUMNS)


@pytest.mark.parametrize("metric", COLUMNS)
def test_a_metric_is_its_marts_column(metricflow, gold: duckdb.DuckDBPyConnection, metric: str):
    mart, time, grain, column = COLUMNS[metric]
    request = MetricFlowQueryRequest.create(metric_names=[metric], group_by_names=["tenant", grain])
    sql = metricflow.explain(request).sql_statement.sql
    answer = gold.execute(f"select tenant, cast({grain} as date), {metric} from ({sql})")
    answered = {(tenant, at): value for tenant, at, value in answer.fetchall() if value}
    summed = "group by all" if column.startswith("sum(") else ""
    present = gold.execute(f"select tenant_id, {time}, {column} from {mart} {summed}").fetchall()
    wanted = {(tenant, at): value for tenant, at, value in present if value}
    assert answered.keys() == wanted.keys()
    assert all(abs(Decimal(answered[k]) - Decimal(wanted[k])) <= tolerance(metric) for k in wanted)


def tolerance(metric: str) -> Decimal:
    """The marts round averages of money to cents; rates differ in the last places at most."""
    return HALF_A_CENT if metric in ("aov", "ltv") else Decimal("1e-9")
