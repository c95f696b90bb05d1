"""`lakehouse cost`."""

from typing import Annotated

import typer
from rich.table import Table

from lakehouse.cli import console


def cost(
    env: Annotated[str, typer.Option(help="environment: dev or prod")] = "dev",
    source: Annotated[str, typer.Option(help="private, public, vpn or rds")] = "private",
    stored_gb: Annotated[float, typer.Option(help="GB in S3, all layers")] = 20,
    scanned_tb: Annotated[float, typer.Option(help="TB that Athena scans in a month")] = 0.1,
    logs_gb: Annotated[float, typer.Option(help="GB of logs in a month")] = 2,
    job_minutes: Annotated[float, typer.Option(help="minutes of a Silver job")] = 2,
    build_minutes: Annotated[float, typer.Option(help="minutes of a dbt build")] = 5,
) -> None:
    """Estimate an environment's monthly cost on AWS from Terraform's settings and list prices."""
    from lakehouse.costs.estimate import Volumes, estimate, load_prices
    from lakehouse.costs.settings import read_settings
    from lakehouse.state import REPOSITORY

    prices = load_prices()
    volumes = Volumes(source, stored_gb, scanned_tb, logs_gb, job_minutes, build_minutes)
    lines = estimate(read_settings(REPOSITORY, env), volumes, prices)
    table = Table("what", "USD a month", "lever", title=f"{env}, source {source}")
    table.columns[1].justify = "right"
    for line in lines:
        table.add_row(line.what, f"{line.usd:,.2f}", line.lever)
    table.add_section()
    table.add_row("total", f"{sum(line.usd for line in lines):,.2f}", "")
    console.print(table)
    console.print(
        f"List prices of {prices['region']}, written down on {prices['as_of']}; "
        "data transfer, requests and taxes are not in it.",
        highlight=False,
    )
