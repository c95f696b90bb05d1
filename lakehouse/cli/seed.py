"""`lakehouse seed`."""

from typing import Annotated

import typer

from lakehouse.cli.home import current_home
from lakehouse.homes.embedded.source_app import manage


def seed(
    scale: Annotated[str, typer.Option(help="how much data to make")] = "small",
    seed: Annotated[int, typer.Option(help="the same number gives the same data")] = 42,
    clean: Annotated[bool, typer.Option(help="empty the tables first")] = False,
) -> None:
    """Fill the source database with tenants and their history."""
    arguments = ["seed_all", "--scale", scale, "--seed", str(seed)]
    manage(current_home().dsn(), *arguments, *(["--clean"] if clean else []))
