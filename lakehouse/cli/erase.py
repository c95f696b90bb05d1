"""`lakehouse erase`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home
from lakehouse.errors import LakehouseError


def erase(
    tenant: Annotated[str | None, typer.Option(help="slug of the tenant")] = None,
    customer: Annotated[str | None, typer.Option(help="core_customer.id")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    verify: Annotated[
        Path | None, typer.Option(help="check a receipt's signature instead", exists=True)
    ] = None,
) -> None:
    """Erase a customer from the source and every layer, and write a signed receipt."""
    if verify:
        _verify(verify)
        return
    if not (tenant and customer):
        raise LakehouseError("say --tenant and --customer; nothing was changed")
    if not yes:
        typer.confirm(
            f"Erase customer {customer} of {tenant} for good? Past states of the tables go as well",
            abort=True,
        )
    from lakehouse.erasure.erase import erase as erase_customer

    home = current_home()
    with console.status("erasing") as status:
        done = erase_customer(home, tenant, customer, lambda step: status.update(step))
    table = Table("place", "files", "bytes", "found before", "found now", "tombstones")
    known = {place.place: place for place in done.before}
    for place in done.after:
        before = known.get(place.place)
        found = "" if before is None else f"{before.values + before.references:,}"
        now = f"{place.values + place.references:,}"
        cells = (f"{place.files:,}", f"{place.bytes:,}", found, now, f"{place.tombstones:,}")
        table.add_row(place.place, *cells)
    console.print(table)
    console.print(f"Bronze rows rewritten: {sum(done.bronze_rows.values()):,}", highlight=False)
    console.print(f"Silver tables made anew: {', '.join(done.rebuilt)}", highlight=False)
    if others := sorted(done.person.shared_with):
        console.print(
            f"[yellow]warning:[/yellow] an e-mail address or telephone number of theirs is that of "
            f"other customers too, and stays with these: {', '.join(others)}",
            highlight=False,
        )
    console.print(f"Receipt: {done.receipt}", highlight=False, soft_wrap=True)


def _verify(path: Path) -> None:
    from lakehouse.erasure.receipt import PUBLIC, verify_receipt

    content = verify_receipt(path, path.with_name(PUBLIC))
    console.print(
        f"The receipt is as it was signed: customer {content['customer_id']} of "
        f"{content['tenant']}, {content['completed_at']}.",
        highlight=False,
    )
