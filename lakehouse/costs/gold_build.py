"""What a dbt build scanned and how long it took, by model, from the artifacts that dbt leaves.

A model's statements are its own and those of its tests. On Athena dbt's results name the bytes that
a node's last statement scanned (`data_scanned_in_bytes` of dbt-athena's response). DuckDB counts no
bytes: there a statement is taken to read all of the tables that its node reads, views opened. That
is an upper bound; Athena reads the columns that it needs.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from contracts.yaml_files import read_yaml
from lakehouse.costs.athena import billed_bytes, usd
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.silver_relations import current_files
from lakehouse.state import State

MB = 1e6
# Neither stored nor run by itself: who reads it reads what it reads.
TRANSPARENT = ("view", "ephemeral")
Node = Mapping[str, Any]
# Bytes that are stored for a table or source of the manifest.
Stored = Callable[[Node], int]


@dataclass(frozen=True)
class ModelCost:
    """Statements that scan, their seconds, and bytes scanned: by all, and by the model's own.

    is_estimate when nobody counted the bytes.
    """

    model: str
    statements: int
    seconds: float
    scanned: int
    scanned_by_model: int
    billed: float
    is_estimate: bool

    def usd(self, prices: Mapping[str, Any]) -> float:
        """List price of the bytes billed."""
        return usd(self.billed, prices)


class _Ran(NamedTuple):
    """What one statement took."""

    seconds: float
    scanned: int
    is_model: bool
    is_estimate: bool


def build_costs(target: Path, stored: Stored, prices: Mapping[str, Any]) -> list[ModelCost]:
    """Costs of the last run in dbt's target folder, the largest first.

    Raises LakehouseError when dbt left no artifacts there.
    """
    manifest, results = (read_artifact(target, name) for name in ("manifest", "run_results"))
    nodes = {**manifest["nodes"], **manifest["sources"], **manifest["unit_tests"]}
    found: dict[str, list[_Ran]] = defaultdict(list)
    for result in results["results"]:
        # Exposures are listed among the results of a build, and run nothing.
        node = nodes.get(result["unique_id"])
        if node is None or result["status"] == "skipped":
            continue
        if (model := _model_of(node)) not in nodes:
            continue
        counted = result["adapter_response"].get("data_scanned_in_bytes")
        ran = _Ran(
            seconds=result["execution_time"],
            scanned=_read_by(node, nodes, stored) if counted is None else counted,
            is_model=node["resource_type"] == "model",
            is_estimate=counted is None,
        )
        found[nodes[model]["name"]].append(ran)
    costs = [
        ModelCost(
            model=name,
            statements=sum(ran.scanned > 0 for ran in runs),
            seconds=sum(ran.seconds for ran in runs),
            scanned=sum(ran.scanned for ran in runs),
            scanned_by_model=sum(ran.scanned for ran in runs if ran.is_model),
            billed=sum(billed_bytes(ran.scanned, prices) for ran in runs),
            is_estimate=any(ran.is_estimate for ran in runs),
        )
        for name, runs in found.items()
    ]
    return sorted(costs, key=lambda cost: (-cost.scanned, cost.model))


def stored_in(state: State) -> Stored:
    """Bytes by the files of the laptop: Silver's current ones, and blocks of the DuckDB file."""

    def of(node: Node) -> int:
        if node["resource_type"] == "source":
            files = current_files(state.silver / node["identifier"])
            return sum(Path(file).stat().st_size for file in files)
        relation = f"{node['schema']}.{node['alias']}"
        with duckdb.connect(str(state.duckdb), read_only=True) as connection:
            blocks, size = connection.execute(
                "select (select count(distinct block_id) from pragma_storage_info(?)), "
                "(select block_size from pragma_database_size() limit 1)",
                [relation],
            ).fetchone()
        return blocks * size

    known: dict[str, int] = {}

    def remembered(node: Node) -> int:
        name = node["unique_id"]
        if name not in known:
            known[name] = of(node)
        return known[name]

    return remembered


def read_budget(path: Path) -> dict[str, float]:
    """Megabytes that a model's own build may scan, by model; `default` is that of the others.

    Raises LakehouseError for a file of another form.
    """
    budget = read_yaml(path)
    numbers = isinstance(budget, dict) and all(
        isinstance(name, str) and isinstance(mb, int | float) for name, mb in budget.items()
    )
    if not numbers or "default" not in budget:
        raise LakehouseError(
            f"{path}: expected lines of the form `model: megabytes`, one of them `default`"
        )
    return budget


def over_budget(costs: Iterable[ModelCost], budget: Mapping[str, float]) -> list[str]:
    """A line for each model that itself scanned more than it may, and each budget of no model."""
    costs = list(costs)
    unknown = sorted(set(budget) - {"default"} - {cost.model for cost in costs})
    return [
        f"{cost.model} scans {cost.scanned_by_model / MB:,.1f} MB, its budget is {allowed:,.1f} MB"
        for cost in costs
        if cost.scanned_by_model > (allowed := budget.get(cost.model, budget["default"])) * MB
    ] + [f"{name} has a budget, but no such model was built" for name in unknown]


def read_artifact(target: Path, name: str) -> dict[str, Any]:
    """What dbt left under this name; raises LakehouseError when it left nothing."""
    path = target / f"{name}.json"
    if not path.exists():
        raise LakehouseError(
            f"{path} is missing, so there is no build to look at. Run `lakehouse gold` first, or "
            "name the target folder of a dbt run with --target."
        )
    return json.loads(path.read_text("utf-8"))


def _model_of(node: Node) -> str | None:
    """The model that a node's statement is counted for: its own, or the one that it tests."""
    if node["resource_type"] == "model":
        return node["unique_id"]
    parents = node["depends_on"]["nodes"]
    return node.get("attached_node") or (parents[0] if parents else None)


def _read_by(node: Node, nodes: Mapping[str, Node], stored: Stored) -> int:
    is_view = node["resource_type"] == "model" and node["config"]["materialized"] in TRANSPARENT
    if is_view or node["resource_type"] == "unit_test":
        return 0
    return sum(stored(nodes[name]) for name in _tables_below(node, nodes))


def _tables_below(node: Node, nodes: Mapping[str, Node]) -> set[str]:
    tables: set[str] = set()
    for name in node["depends_on"]["nodes"]:
        parent = nodes[name]
        if parent["resource_type"] == "model" and parent["config"]["materialized"] in TRANSPARENT:
            tables |= _tables_below(parent, nodes)
        else:
            tables.add(name)
    return tables
