"""`lakehouse demo`, and the five demonstrations that run on what it leaves."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from lakehouse.demo.proof import Proof
    from lakehouse.homes.embedded.home import EmbeddedHome

app = typer.Typer(
    help="The whole way on generated data, with proof; then five demonstrations of what it is for."
)


@app.callback(invoke_without_command=True)
def demo(context: typer.Context) -> None:
    """Source to Gold on generated data, live changes, and the proof that Gold equals the source."""
    if context.invoked_subcommand is not None:
        return
    from lakehouse.demo.run import run_demo
    from lakehouse.demo.steps import Steps
    from lakehouse.demo.summary import print_summary

    home = current_home()
    if not home.has_own_source:
        raise LakehouseError(
            "the demo empties its source database, so it runs on the embedded one only; "
            "nothing was changed. Unset SOURCE_DB_HOST and run it again."
        )
    steps = Steps(console)
    outcome = run_demo(home, steps, f"{datetime.now(UTC):%Y-%m-%d}")
    print_summary(console, steps, outcome, home.state)
    if not outcome.all_equal:
        raise LakehouseError("the demo's numbers differ from the source")


@app.command()
def cdc(
    limit: Annotated[float, typer.Option(help="seconds from commit to the answer of a query")] = 10,
    seed: Annotated[int, typer.Option(help="which customer and products")] = 42,
    warming: Annotated[int, typer.Option(min=0, help="orders before it, for Spark to compile")] = 3,
) -> None:
    """An order that Django inserts, followed stage by stage to the answer of a query."""
    from lakehouse.demo.cdc import show_cdc

    _show(
        "cdc",
        lambda home, proof: show_cdc(home, proof, limit_seconds=limit, seed=seed, warming=warming),
    )


@app.command()
def history() -> None:
    """Six months of revenue from each layer, and what partition pruning saves."""
    from lakehouse.demo.history import show_history

    _show("history", show_history)


@app.command()
def isolation() -> None:
    """What a tenant's analyst, an analyst and an engineer see, and what they are refused."""
    from lakehouse.demo.isolation import show_isolation

    _show("isolation", show_isolation)


@app.command("time-travel")
def time_travel() -> None:
    """A table as it was a week ago, a bad update, and the way back."""
    from lakehouse.demo.time_travel import show_time_travel

    _show("time-travel", show_time_travel)


@app.command()
def cost() -> None:
    """What a question and what storage cost on each layer, at list prices."""
    from lakehouse.demo.cost import show_cost

    _show("cost", show_cost)


def _show(name: str, demonstration: Callable[["EmbeddedHome", "Proof"], None]) -> None:
    from lakehouse.demo.proof import Proof

    proof = Proof(console, name)
    demonstration(current_home(), proof)
    proof.close()
