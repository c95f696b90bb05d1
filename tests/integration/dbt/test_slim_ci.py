"""What a pull request builds: the changed models and what follows from them, nothing else.

The form of .github/workflows/dbt.yml: compared with the manifest of production, in a schema of its
own, every other model read where production has it.
"""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.integration.dbt.dbt_process import run_dbt
from tests.integration.dbt.mutations import MARTS, Mutation
from tests.integration.dbt.test_mutations import mutated

pytestmark = [pytest.mark.dbt, pytest.mark.slow]

CHANGE = Mutation(
    "a comment",
    f"{MARTS}/core/fct_invoices.sql",
    "    from joined\n",
    "    from joined -- changed\n",
)


def test_a_change_is_built_alone_beside_production(built, tmp_path):
    shutil.copy(built / "lakehouse.duckdb", tmp_path)
    production = built / "target"
    manifest = json.loads((production / "manifest.json").read_text())
    changed = "model.lakehouse.fct_invoices"

    run = run_dbt(
        tmp_path,
        *("build", "--select", "state:modified+", "--defer", "--state", str(production)),
        project=mutated(tmp_path / "project", [CHANGE]),
        schema="pull_request_gold",
    )

    done = {r["unique_id"] for r in run["results"] if r["unique_id"].startswith("model.")}
    assert done == {changed, *models_above(changed, manifest["child_map"])}
    assert len(done) < sum(name.startswith("model.") for name in manifest["nodes"])
    assert tables_of(tmp_path, "pull_request_gold") == {name.split(".")[-1] for name in done}
    assert tables_of(tmp_path, "lakehouse_gold") == tables_of(built, "lakehouse_gold")


def models_above(name: str, children: dict[str, list[str]]) -> set[str]:
    found = {child for child in children[name] if child.startswith("model.")}
    return found.union(*(models_above(child, children) for child in found))


def tables_of(folder: Path, schema: str) -> set[str]:
    with duckdb.connect(folder / "lakehouse.duckdb", read_only=True) as connection:
        query = "select table_name from information_schema.tables where table_schema = ?"
        return {row[0] for row in connection.execute(query, [schema]).fetchall()}
