"""Silver to Gold: plain dbt, started as a process the way an analytics engineer starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lakehouse.errors import LakehouseError, PrerequisiteError
from lakehouse.state import REPOSITORY, STATE_VARIABLE, State

PROFILES = REPOSITORY / "profiles.yml"
# Called with a node's name, its number and the number of nodes, when the node starts.
OnNode = Callable[[str, int, int], None]


def _silent(name: str, number: int, total: int) -> None:
    pass


@dataclass(frozen=True)
class GoldReport:
    """What a dbt build did: nodes by status."""

    models: int
    tests: int
    warnings: int


def run_models(
    state: State,
    *variables: tuple[str, str],
    on_node: OnNode = _silent,
    select: Sequence[str] = (),
) -> GoldReport:
    """`dbt run`: the models without their tests; all of them, or those that dbt selects by this."""
    return _run_nodes(state, "run", variables, on_node, select)


def build_gold(state: State, *variables: tuple[str, str], on_node: OnNode = _silent) -> GoldReport:
    """`dbt build`: models, unit tests, data tests. Raises LakehouseError when a node fails."""
    return _run_nodes(state, "build", variables, on_node)


def _run_nodes(
    state: State,
    command: str,
    variables: Sequence[tuple[str, str]],
    on_node: OnNode,
    select: Sequence[str] = (),
) -> GoldReport:
    given = ["--vars", json.dumps(dict(variables))] if variables else []
    given += ["--select", *select] if select else []
    failures = []
    for event in _run_dbt(state, command, *given):
        info, data = event["info"], event["data"]
        if info["name"] == "LogStartLine":
            on_node(data["node_info"]["node_name"], data["index"], data["total"])
        if info["level"] == "error":
            failures.append(info["msg"])
    if failures:
        raise LakehouseError(_failure(f"dbt {command}", failures))
    results = json.loads((state.dbt_target / "run_results.json").read_text())["results"]
    return GoldReport(
        models=sum(r["unique_id"].startswith("model.") for r in results),
        tests=sum(r["unique_id"].startswith(("test.", "unit_test.")) for r in results),
        warnings=sum(r["status"] == "warn" for r in results),
    )


def build_docs(state: State, *, just_built: bool = False) -> Path:
    """The dbt docs site as one self-contained page; returns its path.

    Right after a build (just_built) the page takes its SQL from there, and nothing is compiled.
    """
    options = ["--no-compile"] if just_built else []
    failures = [
        e["info"]["msg"]
        for e in _run_dbt(state, "docs", "generate", "--static", *options)
        if e["info"]["level"] == "error"
    ]
    if failures:
        raise LakehouseError(_failure("dbt docs generate", failures))
    state.reports.mkdir(parents=True, exist_ok=True)
    page = state.reports / "dbt-docs.html"
    page.write_bytes((state.dbt_target / "static_index.html").read_bytes())
    return page


def _run_dbt(state: State, *arguments: str) -> Iterator[dict]:
    """Events of a dbt process, as it logs them; the caller looks for errors among them."""
    if not PROFILES.exists():
        raise PrerequisiteError(
            "profiles.yml is missing, so dbt does not know where Gold is; nothing was built. "
            "Run `make setup`, or copy profiles.yml.example to profiles.yml."
        )
    command = [str(Path(sys.executable).with_name("dbt")), "--log-format", "json", *arguments]
    command += ["--profiles-dir", str(REPOSITORY), "--target-path", str(state.dbt_target)]
    process = subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env={**os.environ, STATE_VARIABLE: str(state.root)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    yield from _events(process.stdout)
    if process.wait() > 2:
        raise LakehouseError(f"dbt {arguments[0]} ended with exit code {process.returncode}")


def _events(lines: Iterator[str]) -> Iterator[dict]:
    for line in lines:
        if line.startswith("{"):
            yield json.loads(line)


def _failure(what: str, messages: list[str]) -> str:
    shown = "\n".join(dict.fromkeys(m.strip() for m in messages))
    return (
        f"{what} failed; the tables that were built before it stand, Silver is untouched.\n"
        f"{shown[-3000:]}"
    )
