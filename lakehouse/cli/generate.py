"""`lakehouse generate`."""

from typing import Annotated

import typer

from lakehouse.cli import console
from lakehouse.errors import LakehouseError


def generate(
    check: Annotated[bool, typer.Option(help="write nothing; fail when a file is stale")] = False,
) -> None:
    """Write the files that are derived from the contracts and from Terraform's variables."""
    from lakehouse.generate import generated_files, stale_files
    from lakehouse.state import REPOSITORY

    files = generated_files()
    stale = stale_files(files)
    if check and stale:
        raise LakehouseError(
            f"{stale[0].relative_to(REPOSITORY)} does not match what it is made from; "
            "run `make generate`"
        )
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
        console.print(f"wrote {path.relative_to(REPOSITORY)}")
    if not stale:
        console.print("all generated files are current")
