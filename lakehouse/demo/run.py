"""The demo's story: full load, then live changes, then the proof that Gold equals the source."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from lakehouse.checks.table_states import TableState, table_states
from lakehouse.demo.numbers import TenantNumbers, gold_numbers, source_numbers
from lakehouse.demo.steps import Running, Steps
from lakehouse.erasure.records import forget
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.source_app import manage
from lakehouse.homes.embedded.tenants import register, tenants_in_source
from lakehouse.stages.gold import OnNode, build_docs, build_gold, run_models
from lakehouse.stages.replicate import replicate
from lakehouse.stages.silver import build_silver
from lakehouse.state import State

SEED = "42"
# The tenant whose analysts are let in nowhere.
UNREGISTERED = "bluebell-blu"


@dataclass(frozen=True)
class Outcome:
    """What the demo saw: numbers by tenant name, table states, and the pages that it made."""

    before: Mapping[str, TenantNumbers]
    after: Mapping[str, TenantNumbers]
    source_before: Mapping[str, TenantNumbers]
    source_after: Mapping[str, TenantNumbers]
    tables: list[TableState]
    docs: Path
    quality: Path

    @property
    def all_equal(self) -> bool:
        """Whether every number and every row count equals the source, before and after."""
        return (
            self.before == self.source_before
            and self.after == self.source_after
            and all(t.agrees for t in self.tables)
        )


def run_demo(home: EmbeddedHome, steps: Steps, as_of: str) -> Outcome:
    """Start clean, then run every step; as_of is the UTC day that counts as today."""
    with steps.step("Start clean"):
        start_clean(home.state)
        home.postgres.destroy()
    with steps.step("PostgreSQL with the Django schema"):
        home.start_source()
    with steps.step("Seed five tenants and their history") as step:
        manage(home.dsn(), "seed_all", "--scale", "small", "--seed", SEED, quiet=True)
        step.detail = _register_tenants(home)
    _to_silver(home, steps, "full load")
    today = ("as_of_date", as_of)
    with steps.step("Gold, full load (dbt run)") as step:
        report = run_models(home.state, today, on_node=_node_progress(step))
        step.detail = f"{report.models} models"
    before, source_before = gold_numbers(home), source_numbers(home, as_of)
    with steps.step("Changes of the live source") as step:
        output = manage(home.dsn(), "apply_demo_changes", "--seed", SEED, quiet=True)
        step.detail = output.strip().splitlines()[-1]
    _changes_shown(steps.console, output)
    _to_silver(home, steps, "changes")
    with steps.step("Gold, changes (dbt build)") as step:
        report = build_gold(home.state, today, on_node=_node_progress(step))
        step.detail = f"{report.tests} tests passed"
    after, source_after = gold_numbers(home), source_numbers(home, as_of)
    with steps.step("dbt docs site"):
        docs = build_docs(home.state, just_built=True)
    with steps.step("Data-quality report") as step:
        quality = _quality(home, step)
    tables = table_states(home)
    return Outcome(before, after, source_before, source_after, tables, docs, quality)


def start_clean(state: State) -> None:
    """Remove what an earlier run made; what was fetched of Hudi stays."""
    for folder in (state.bronze, state.silver, state.dms, state.reports, state.dbt_target):
        shutil.rmtree(folder, ignore_errors=True)
    state.duckdb.unlink(missing_ok=True)
    forget(state)


def _register_tenants(home: EmbeddedHome) -> str:
    """Let the analysts of all tenants in but those of one, which shows what that means."""
    home.state.tenants.unlink(missing_ok=True)
    slugs = list(tenants_in_source(home))
    register(home, [slug for slug in slugs if slug != UNREGISTERED])
    return f"{len(slugs) - 1} may query"


def _to_silver(home: EmbeddedHome, steps: Steps, what: str) -> None:
    with steps.step(f"Bronze, {what} (local DMS)") as step:
        replicated = replicate(home, lambda table, rows: step.progress(f"{table} {rows:,}"))
        step.rows = replicated.rows
    with steps.step(f"Silver, {what} (Spark, Hudi)") as step:
        results = build_silver(home, (), lambda r: step.progress(r.table))
        step.rows = sum(r.rows_read for r in results)
        step.detail = f"{sum(r.instant is not None for r in results)} tables"


def _node_progress(step: Running) -> OnNode:
    return lambda name, number, total: step.progress(f"{number}/{total} {name}")


def _changes_shown(console: Console, output: str) -> None:
    for line in output.strip().splitlines()[:-1]:
        console.print(f"    [dim]{line[: console.width - 6]}[/dim]", highlight=False)


def _quality(home: EmbeddedHome, step: Running) -> Path:
    from lakehouse.checks.quality.report import build_report
    from lakehouse.homes.embedded.warehouse import open_warehouse

    folder = home.state.reports / "data-quality"
    with open_warehouse(home.state, home.contracts.values()) as connection:
        report = build_report(connection, home.contracts.values(), folder, on_table=step.progress)
    step.rows = report.rows
    step.detail = f"{report.valid_share:.1%} of rows valid"
    return report.index
