"""`lakehouse gold`."""

from datetime import datetime
from typing import Annotated

import typer

from lakehouse.cli import console
from lakehouse.cli.home import current_home


def gold(
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="the day that counts as today; default: today"),
    ] = None,
    docs: Annotated[bool, typer.Option(help="build the docs site as well")] = False,
) -> None:
    """Silver to Gold: `dbt build`, that is models and all their tests."""
    from lakehouse.stages.gold import build_docs, build_gold

    state = current_home().state
    variables = [("as_of_date", f"{as_of:%Y-%m-%d}")] if as_of else []
    with console.status("dbt build") as status:
        report = build_gold(
            state, *variables, on_node=lambda n, i, of: status.update(f"dbt build {i}/{of}: {n}")
        )
        page = build_docs(state, just_built=True) if docs else None
    console.print(
        f"Gold is built: {report.models} models, {report.tests} tests passed, "
        f"{report.warnings} warnings."
    )
    if page:
        console.print(f"Docs site: {page}")
