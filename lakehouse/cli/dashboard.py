"""`lakehouse dashboard`."""

from typing import Annotated

import typer

from lakehouse.cli import console
from lakehouse.dashboard.settings import DEFAULT_REGION

LOOPBACK, PORT = "127.0.0.1", 8501


def dashboard(
    principal: Annotated[
        str, typer.Option("--as", help="analyst@TENANT-SLUG, analyst, engineer or admin")
    ] = "analyst",
    port: Annotated[int, typer.Option(help="port of the page")] = PORT,
    address: Annotated[
        str, typer.Option(help="address to listen on; there is no login behind it")
    ] = LOOPBACK,
    athena: Annotated[
        str, typer.Option(help="ask Athena in this environment, such as lakehouse-dev")
    ] = "",
    region: Annotated[str, typer.Option(envvar="AWS_REGION", help="AWS region")] = DEFAULT_REGION,
) -> None:
    """Serve tenants' business at a glance, from Gold, for one principal; Ctrl-C ends it."""
    from lakehouse.dashboard.serve import check, serve
    from lakehouse.dashboard.settings import Settings

    settings = Settings(principal, athena, region)
    check(settings, address, port)
    console.print(f"Dashboard for {principal}: http://{address}:{port}", highlight=False)
    serve(settings, address, port)
