"""`lakehouse watch`."""

from typing import TYPE_CHECKING, Annotated

import typer

from lakehouse.cli import console
from lakehouse.cli.home import current_home

if TYPE_CHECKING:
    from lakehouse.live.watch import Statuses


def watch(
    interval: Annotated[float, typer.Option(help="seconds between two replications")] = 1.0,
    gold_every: Annotated[
        float, typer.Option(help="seconds between two Gold builds; 0 leaves Gold alone")
    ] = 30.0,
    seconds: Annotated[
        float | None, typer.Option("--for", help="stop by itself after so many seconds")
    ] = None,
) -> None:
    """Live mode: source to Bronze to Silver to Gold, again and again, until Ctrl-C or SIGTERM."""
    from rich.live import Live

    from lakehouse.live.view import Rates, live_table
    from lakehouse.live.watch import watch as keep_running

    pauses = {"replicate": interval, "silver": 0.2}
    if gold_every:
        pauses["gold"] = gold_every
    rates = Rates()
    with Live(console=console, auto_refresh=False, transient=True) as live:
        statuses, supervisor = keep_running(
            current_home(),
            lambda found, stages: live.update(live_table(found, stages, rates), refresh=True),
            pauses=pauses,
            seconds=seconds,
        )
    console.print(live_table(statuses, supervisor, rates))
    for death in supervisor.deaths:
        console.print(f"[yellow]{death}[/]", highlight=False)
    console.print(_summary(statuses), highlight=False)


def _summary(statuses: "Statuses") -> str:
    silver = statuses["silver"]
    if silver is None or not silver.latency.changes:
        return "stopped; no change came after Silver's first batch, which is not measured"
    latency = silver.latency
    return (
        f"stopped; from commit in the source to Silver, {latency.changes:,} changes of the last "
        f"two minutes: p50 {latency.p50:.1f} s, p95 {latency.p95:.1f} s, longest "
        f"{latency.longest:.1f} s"
    )
