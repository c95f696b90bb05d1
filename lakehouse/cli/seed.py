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
    from lakehouse.erasure.records import forget

    home = current_home()
    arguments = ["seed_all", "--scale", scale, "--seed", str(seed)]
    if clean:
        forget(home.state)
        # Only the embedded server is surely this person's own; another one asks for --yes.
        arguments += ["--clean", "--yes"] if home.has_own_source else ["--clean"]
    manage(home.dsn(), *arguments)
