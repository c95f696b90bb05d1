"""Every metric of the semantic layer, as MetricFlow answers it, against its mart's own column.

MetricFlow writes the SQL, DuckDB runs it: what `mf query` does, without its look for updates.
"""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.integration.dbt.metric_columns import COLUMNS, FIRST, LAST

pytestmark = pytest.mark.dbt

YEAR = "metric_time__year"
HALF_A_CENT = Decimal("0.005")


@pytest.fixture(scope="module")
def semantic_layer(built: Path):
    # Here and not above: MetricFlow takes a second, of every test process that collects.
    from tests.integration.dbt.semantic_layer import SemanticLayer

    return SemanticLayer((built / "target" / "semantic_manifest.json").read_text())


def test_every_metric_is_compared(semantic_layer):
    assert semantic_layer.metrics() == set(COLUMNS)


@pytest.mark.parametrize("metric", COLUMNS)
def test_a_metric_is_its_marts_column(semantic_layer, gold: duckdb.DuckDBPyConnection, metric: str):
    mart, time, grain, column = COLUMNS[metric]
    sql = semantic_layer.sql(metric, "tenant", grain)
    answer = gold.execute(f"select tenant, cast({grain} as date), {metric} from ({sql})")
    answered = {(tenant, at): value for tenant, at, value in answer.fetchall() if value}
    summed = "group by all" if column.startswith("sum(") else ""
    present = gold.execute(f"select tenant_id, {time}, {column} from {mart} {summed}").fetchall()
    wanted = {(tenant, at): value for tenant, at, value in present if value}
    assert answered.keys() == wanted.keys()
    assert all(abs(Decimal(answered[k]) - Decimal(wanted[k])) <= tolerance(metric) for k in wanted)


@pytest.mark.parametrize("metric", [*LAST, *FIRST])
def test_a_state_is_not_added_up_over_a_longer_period(semantic_layer, gold, metric: str):
    mart, time, _, column = COLUMNS[metric]
    chosen = "arg_max" if metric in LAST else "arg_min"
    sql = semantic_layer.sql(metric, "tenant", YEAR)
    answer = gold.execute(f"select tenant, cast({YEAR} as date), {metric} from ({sql})").fetchall()
    wanted = gold.execute(
        f"select tenant_id, cast(date_trunc('year', {time}) as date), "
        f"{chosen}(coalesce({column}, 0), {time}), count(*) from {mart} group by all"
    ).fetchall()
    answered = {(tenant, at): value for tenant, at, value in answer}
    assert max(rows for *_, rows in wanted) > 1
    for tenant, at, value, _ in wanted:
        difference = abs(Decimal(answered[tenant, at] or 0) - Decimal(value))
        assert difference <= tolerance(metric), (tenant, at)


def tolerance(metric: str) -> Decimal:
    """The marts round averages of money to cents; rates differ in the last places at most."""
    return HALF_A_CENT if metric in ("aov", "ltv") else Decimal("1e-9")
