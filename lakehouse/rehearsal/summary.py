"""What a rehearsal shows at its end."""

from rich.console import Console
from rich.table import Table

from lakehouse.demo.steps import Steps
from lakehouse.rehearsal.run import Run
from lakehouse.rehearsal.stage import Stage


def print_summary(console: Console, steps: Steps, run: Run) -> None:
    """Seconds and memory of each step; what differs, and what was seen that should not be."""
    table = Table("step", "seconds", "peak memory, MiB")
    for step in steps.done:
        peak = run.peaks.get(step.title, 0)
        table.add_row(step.title, f"{step.seconds:.1f}", f"{peak:,}")
    table.add_row("all", f"{steps.seconds:.1f}", f"{max(run.peaks.values(), default=0):,}")
    console.print(table)
    for cell in run.checks.cells:
        if not cell.holds:
            text = f"{cell.visitor}, {cell.target}, {cell.route}: {cell.found}, not {cell.expected}"
            console.print(text, style="red", markup=False, highlight=False)
    for comparison in run.checks.comparisons:
        if not comparison.is_equal:
            console.print(
                f"[red]{comparison.table}[/red]: {comparison.only_athena} rows only on Athena, "
                f"{comparison.only_duckdb} only on DuckDB"
            )
            for example in comparison.examples:
                console.print(f"  {example}", markup=False, highlight=False)


def print_access(console: Console, stage: Stage) -> None:
    """How a client reaches what was left up."""
    console.print("Everything is up. Point any client at it:")
    for name, value in stage.emulator.environment.items():
        console.print(f"  export {name}={value}", markup=False, highlight=False)
    console.print("Stop it with `lakehouse rehearse --stop`.", highlight=False)
