"""MetricFlow on the built project: it writes the SQL that `mf query` would run."""

from dataclasses import dataclass

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup


@dataclass(frozen=True)
class SqlOnly:
    """All that MetricFlow needs to know of a database in order to write SQL for it."""

    sql_engine_type: SqlEngine = SqlEngine.DUCKDB
    sql_plan_renderer: DuckDbSqlPlanRenderer = DuckDbSqlPlanRenderer()


class SemanticLayer:
    """The metrics in the text of a semantic manifest."""

    def __init__(self, manifest: str) -> None:
        lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(manifest))
        self._engine = MetricFlowEngine(lookup, SqlOnly())

    def metrics(self) -> set[str]:
        """Names of all."""
        return {metric.name for metric in self._engine.list_metrics()}

    def sql(self, metric: str, *group_by: str) -> str:
        """The statement that answers for that metric."""
        request = MetricFlowQueryRequest.create(metric_names=[metric], group_by_names=group_by)
        return self._engine.explain(request).sql_statement.sql
