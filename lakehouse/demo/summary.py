"""The demo's closing summary."""

from rich.console import Console
from rich.table import Table

from lakehouse.demo.numbers import NAMES
from lakehouse.demo.run import Outcome
from lakehouse.demo.steps import Steps
from lakehouse.state import State


def print_summary(console: Console, steps: Steps, outcome: Outcome, state: State) -> None:
    """Stages, the numbers beside the source's, the row counts, where things are, what next."""
    console.print()
    console.print(_stages(steps))
    console.print(_numbers(outcome))
    console.print(_tables(outcome))
    verdict = (
        "[bold green]Every number equals the source.[/]"
        if outcome.all_equal
        else "[bold red]Gold differs from the source: see the red cells.[/]"
    )
    console.print(verdict)
    console.print(
        f"\nWhere things are\n"
        f"  docs site            {outcome.docs}\n"
        f"  data-quality report  {outcome.quality}\n"
        f"  Gold (DuckDB file)   {state.duckdb}\n"
        f"\nFive demonstrations on what is here now, each with its own proof\n"
        f"  .venv/bin/lakehouse demo cdc          an order, followed from Django to a query\n"
        f"  .venv/bin/lakehouse demo history      six months, by layer, with and without pruning\n"
        f"  .venv/bin/lakehouse demo isolation    what each principal sees, and is refused\n"
        f"  .venv/bin/lakehouse demo time-travel  a week ago, a bad update, the way back\n"
        f"  .venv/bin/lakehouse demo cost         bytes and dollars of each layer\n"
        f"\nTry next\n"
        f'  .venv/bin/lakehouse query "from lakehouse_gold.mrr_metrics order by 1, 2"\n'
        f"  .venv/bin/lakehouse status      where every table stands in each layer\n"
        f"  .venv/bin/dbt test              the data tests alone\n"
        f"  make test                       every test of the project",
        highlight=False,
    )


def _stages(steps: Steps) -> Table:
    table = Table("stage", "rows", "seconds", title="Stages", show_footer=True)
    table.columns[1].justify = table.columns[2].justify = "right"
    table.columns[0].footer, table.columns[2].footer = "total", f"{steps.seconds:.1f}"
    for step in steps.done:
        table.add_row(
            step.title, "" if step.rows is None else f"{step.rows:,}", f"{step.seconds:.1f}"
        )
    return table


def _numbers(outcome: Outcome) -> Table:
    table = Table(title="Gold beside PostgreSQL, in each tenant's own currency")
    table.add_column("tenant")
    table.add_column("number")
    for title in ("before", "after", "PostgreSQL", ""):
        table.add_column(title, justify="right")
    for tenant, source in sorted(outcome.source_after.items()):
        for position, name in enumerate(NAMES):
            before = outcome.before[tenant].values[position]
            after = outcome.after[tenant].values[position]
            expected = source.values[position]
            verdict = "[green]equal[/]" if after == expected else "[red]differs[/]"
            changed = "bold" if before != after else "default"
            table.add_row(
                "" if position else tenant,
                name,
                f"{before:,.2f}",
                f"[{changed}]{after:,.2f}[/]",
                f"{expected:,.2f}",
                verdict,
                end_section=name == NAMES[-1],
            )
    return table


def _tables(outcome: Outcome) -> Table:
    table = Table("table", "PostgreSQL rows", "Silver rows", "tombstones", title="Rows")
    for t in outcome.tables:
        colour = "green" if t.agrees else "red"
        live = f"[{colour}]{t.silver_live:,}[/]"
        table.add_row(t.table, f"{t.source_rows or 0:,}", live, f"{t.silver_tombstones:,}")
    return table
