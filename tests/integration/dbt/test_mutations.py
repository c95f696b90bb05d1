"""A wrong definition makes a unit test of its model fail; the project as it is fails none.

A unit test gives a model its input, so wrong definitions of different models do not touch each
other and share a run; those of one model, and those of a macro, get runs of their own. The first
run has most; LAKEHOUSE_MUTATIONS=all makes the others too.
"""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.integration.dbt.dbt_process import REPOSITORY, run_dbt
from tests.integration.dbt.mutations import MUTATIONS, Mutation

pytestmark = [pytest.mark.dbt, pytest.mark.slow]

ALL = os.environ.get("LAKEHOUSE_MUTATIONS") == "all"


def batches() -> list[list[Mutation]]:
    """Every mutation once, and in each batch at most one of a model, or one macro alone."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], list[Mutation]] = {}
    for mutation in MUTATIONS:
        alone = mutation.name if mutation.is_macro else ""
        found.setdefault((alone, seen[mutation.name]), []).append(mutation)
        seen[mutation.name] += 1
    return list(found.values())


def mutated(folder: Path, batch: list[Mutation]) -> Path:
    """A copy of the dbt project with these definitions."""
    shutil.copytree(REPOSITORY / "dbt_project", folder / "dbt_project", dirs_exist_ok=True)
    shutil.copy(REPOSITORY / "dbt_project.yml", folder)
    for mutation in batch:
        file = folder / "dbt_project" / mutation.file
        text = file.read_text()
        assert text.count(mutation.old) == 1, f"{mutation.what}: not one such text in {file.name}"
        file.write_text(text.replace(mutation.old, mutation.new))
    return folder


def failed_unit_tests(folder: Path, project: Path) -> list[tuple[str, str]]:
    """Model and name of every unit test that fails; a test that cannot run fails this one."""
    run = run_dbt(folder, "test", "--select", "test_type:unit", project=project, check=False)
    statuses = Counter(result["status"] for result in run["results"])
    assert set(statuses) <= {"pass", "fail"}, f"{statuses}: a mutation is no valid SQL"
    assert statuses["pass"]
    failed = [r["unique_id"].split(".")[2:] for r in run["results"] if r["status"] == "fail"]
    return [(model, name) for model, name in failed]


def test_every_wrong_definition_makes_a_unit_test_fail(built, tmp_path):
    shutil.copy(built / "lakehouse.duckdb", tmp_path)
    survivors = []
    for batch in batches() if ALL else batches()[:1]:
        failed = failed_unit_tests(tmp_path, mutated(tmp_path / "project", batch))
        for mutation in batch:
            killers = [
                name for model, name in failed if mutation.is_macro or model == mutation.name
            ]
            print(f"{mutation.what} | {mutation.name} | {', '.join(killers)}")
            survivors += [] if killers else [mutation.what]
    assert survivors == []
