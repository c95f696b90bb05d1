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

from tests.integration.dbt.metric_columns import COLUMNS

pytestmark = pytest.mark.dbt

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
