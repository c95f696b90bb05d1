"""How much of Gold's models is described, promised by a contract and tested, by layer.

Read from the manifest that dbt leaves and the columns that a database has.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

Node = Mapping[str, Any]
# Schema and name of a relation to the names of its columns.
Columns = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True)
class LayerCoverage:
    """Counts of one layer's models; columns are those of the built relations."""

    layer: str
    models: int
    described: int
    with_contract: int
    columns: int
    columns_described: int
    data_tests: int
    unit_tests: int

    @property
    def tests_a_model(self) -> float:
        """Data tests and unit tests of a model on average."""
        return (self.data_tests + self.unit_tests) / self.models


def coverage(manifest: Mapping[str, Any], columns: Columns) -> list[LayerCoverage]:
    """One entry a layer, in the order of the names, and one for `all`.

    A data test counts for the model that it is attached to; one of several models for none.
    """
    models = [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]
    tests = Counter(
        n.get("attached_node") for n in manifest["nodes"].values() if n["resource_type"] == "test"
    )
    unit_tests = Counter(
        parent for test in manifest["unit_tests"].values() for parent in test["depends_on"]["nodes"]
    )
    layers = sorted({_layer(model) for model in models})
    found = [(layer, [m for m in models if _layer(m) == layer]) for layer in layers]
    return [_count(name, ms, columns, tests, unit_tests) for name, ms in [*found, ("all", models)]]


def columns_in(database: Path) -> Columns:
    """Columns of all tables and views in a DuckDB file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select schema_name, table_name, list(column_name) from duckdb_columns()"
            " where not internal group by all"
        ).fetchall()
    return {(schema, name): frozenset(names) for schema, name, names in rows}


def _layer(model: Node) -> str:
    return model["fqn"][1]


def _count(
    layer: str,
    models: Iterable[Node],
    columns: Columns,
    tests: Counter[str | None],
    unit_tests: Counter[str],
) -> LayerCoverage:
    models = list(models)
    there = {m["unique_id"]: columns.get((m["schema"], m["alias"]), frozenset()) for m in models}
    described = {
        m["unique_id"]: {name for name, c in m["columns"].items() if c["description"]}
        for m in models
    }
    return LayerCoverage(
        layer=layer,
        models=len(models),
        described=sum(bool(m["description"]) for m in models),
        with_contract=sum(m["contract"]["enforced"] for m in models),
        columns=sum(map(len, there.values())),
        columns_described=sum(len(there[name] & described[name]) for name in there),
        data_tests=sum(tests[m["unique_id"]] for m in models),
        unit_tests=sum(unit_tests[m["unique_id"]] for m in models),
    )
