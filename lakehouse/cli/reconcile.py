"""`lakehouse reconcile`."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home

if TYPE_CHECKING:
    from lakehouse.checks.reconciliation import Comparison, TableReconciliation, TenantCounts


def reconcile(
    table: Annotated[list[str] | None, typer.Option(help="only this table; repeatable")] = None,
) -> None:
    """Compare source, Bronze and Silver row by row; exit code 1 when they differ."""
    from lakehouse.checks.reconciliation import reconcile as reconcile_tables
    from lakehouse.stages.silver import chosen_contracts

    home = current_home()
    contracts = chosen_contracts(home, table or ())
    results = []
    with console.status("reading the source") as status:
        for result in reconcile_tables(home.dsn(), home.state, contracts):
            status.update(f"{result.table} compared")
            results.append(result)
    console.print(_counts(results))
    for result in results:
        for comparison in result.comparisons:
            _print_differences(result.table, comparison)
        for file in result.unreadable:
            console.print(
                f"[yellow]warning:[/yellow] {file} cannot be read and was left out; "
                "`lakehouse quarantine list` shows it once Silver has met it",
                highlight=False,
                soft_wrap=True,
            )
    if not all(result.agrees for result in results):
        console.print(
            "[bold red]The layers differ.[/] Changes that were not replicated yet show here too: "
            "run `lakehouse replicate` and `lakehouse silver` first."
        )
        raise typer.Exit(1)
    console.print("[bold green]Source, Bronze and Silver hold the same rows.[/]")


def _counts(results: Sequence["TableReconciliation"]) -> Table:
    table = Table("table", "tenant", title="Rows, and sums of money, beside the source")
    for title in ("source rows", "Bronze", "Silver", "sums compared", ""):
        table.add_column(title, justify="right")
    for result in results:
        in_bronze, in_silver = ({t.tenant_id: t for t in c.tenants} for c in result.comparisons)
        for tenant_id in sorted({*in_bronze, *in_silver}):
            pair = in_bronze.get(tenant_id), in_silver.get(tenant_id)
            table.add_row(result.table, tenant_id, *_cells(*pair))
    return table


def _cells(bronze: "TenantCounts | None", silver: "TenantCounts | None") -> list[str]:
    known = [counts for counts in (bronze, silver) if counts]
    agrees = all(counts.agrees for counts in known)
    return [
        f"{known[0].wanted_rows:,}",
        f"{bronze.found_rows if bronze else 0:,}",
        f"{silver.found_rows if silver else 0:,}",
        f"{sum(len(counts.sums) for counts in known)}",
        "[green]equal[/]" if agrees else "[red]differs[/]",
    ]


def _print_differences(name: str, comparison: "Comparison") -> None:
    for counts in comparison.tenants:
        if counts.agrees:
            continue
        console.print(
            f"[red]{name}, {comparison.found}, tenant {counts.tenant_id}[/]: "
            f"{counts.missing:,} rows missing, {counts.unexpected:,} that the source does not "
            f"have, {counts.differing:,} with other values"
        )
        for column, (wanted, found) in counts.sums.items():
            if wanted != found:
                console.print(f"  sum of {column}: {_amount(wanted)} -> {_amount(found)}")
    for difference in comparison.differences:
        where = f" in {', '.join(difference.columns)}" if difference.columns else ""
        console.print(f"  {difference.tenant_id} {difference.id} {difference.problem}{where}")


def _amount(value: Decimal | None) -> str:
    return "none" if value is None else f"{value:,}"
