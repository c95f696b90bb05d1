"""`lakehouse demo`."""

from datetime import UTC, datetime

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.errors import LakehouseError


def demo() -> None:
    """Source to Gold on generated data, live changes, and the proof that Gold equals the source."""
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
