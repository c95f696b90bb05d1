"""`lakehouse gold-cost`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home

MB = 1_000_000


def gold_cost(
    target: Annotated[
        Path | None, typer.Option(help="dbt's target folder; default: that of `lakehouse gold`")
    ] = None,
    budget: Annotated[Path | None, typer.Option(help="megabytes by model, as YAML")] = None,
) -> None:
    """What the last dbt build scanned, by model; exit code 1 when one is over its budget."""
    from lakehouse.costs.estimate import load_prices
    from lakehouse.costs.gold_build import build_costs, over_budget, read_budget, stored_in

    state, prices = current_home().state, load_prices()
    allowed = read_budget(budget) if budget else None
    costs = build_costs(target or state.dbt_target, stored_in(state), prices)
    table = Table("model", "statements", "seconds", "MB scanned", "by the model", "USD, billed")
    for column in table.columns[1:]:
        column.justify = "right"
    for cost in costs:
        by_model = f"{cost.scanned_by_model / MB:,.1f}"
        cells = (f"{cost.seconds:,.1f}", f"{cost.scanned / MB:,.1f}", by_model)
        table.add_row(cost.model, str(cost.statements), *cells, f"{cost.usd(prices):.5f}")
    table.add_section()
    seconds, scanned = sum(c.seconds for c in costs), sum(c.scanned for c in costs)
    usd = sum(c.usd(prices) for c in costs)
    statements = sum(c.statements for c in costs)
    own = f"{sum(c.scanned_by_model for c in costs) / MB:,.1f}"
    cells = (f"{seconds:,.1f}", f"{scanned / MB:,.1f}", own, f"{usd:.4f}")
    table.add_row("all", str(statements), *cells)
    console.print(table)
    if any(cost.is_estimate for cost in costs):
        console.print(
            "DuckDB counts no bytes: a statement is taken to read all of the tables it names.",
            highlight=False,
        )
    found = over_budget(costs, allowed) if allowed else []
    for line in found:
        console.print(line, style="red", markup=False, highlight=False)
    raise typer.Exit(int(bool(found)))
