"""`lakehouse rehearse`."""

import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from lakehouse.cli import console, errors
from lakehouse.errors import LakehouseError, PrerequisiteError
from lakehouse.state import current_state

if TYPE_CHECKING:
    from lakehouse.rehearsal.stage import Stage

# As EX_UNAVAILABLE of sysexits.h: not a failure of this project.
NOT_TO_BE_HAD = 69


def rehearse(
    keep: Annotated[
        bool, typer.Option("--keep", help="leave everything up, for clients and --resume")
    ] = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="go on with what --keep left up, at the first open step"),
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="stop what --keep left up")] = False,
    fetch: Annotated[
        bool,
        typer.Option(
            "--fetch",
            help=f"only fetch what a run needs; exit code {NOT_TO_BE_HAD} where it cannot be had",
        ),
    ] = False,
) -> None:
    """Terraform, the Silver jobs and dbt on Athena, all on this machine: no AWS account."""
    from lakehouse.demo.steps import Steps
    from lakehouse.rehearsal.run import Run
    from lakehouse.rehearsal.stage import Stage
    from lakehouse.rehearsal.summary import print_access, print_summary

    stage = Stage(current_state())
    if fetch:
        _fetch(stage)
        return
    if stop:
        stage.stop()
        console.print("Nothing of the rehearsal runs any more.")
        return
    if resume and not stage.is_up:
        raise LakehouseError(
            "there is nothing to resume: no emulator and engine run. Start with "
            "`lakehouse rehearse --keep`."
        )
    if not resume:
        stage.clear()
        stage = Stage(current_state())
        stage.record.as_of = f"{datetime.now(UTC):%Y-%m-%d}"
    # Asked to end, it ends as after an error: what it started is stopped, or kept when told so.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    steps = Steps(console)
    run = Run(stage, steps)
    try:
        run.all_steps()
    finally:
        if not keep:
            stage.stop()
        print_summary(console, steps, run)
        if keep and stage.is_up:
            print_access(console, stage)
    if not run.checks.hold:
        raise LakehouseError("the rehearsal shows what should not be; see above")


def _fetch(stage: "Stage") -> None:
    from lakehouse.rehearsal.readiness import make_ready

    try:
        make_ready(stage, lambda part: console.print(part, highlight=False))
    except PrerequisiteError as error:
        errors.print(f"error: {error}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(NOT_TO_BE_HAD) from error
    console.print("What a rehearsal needs is there.")
