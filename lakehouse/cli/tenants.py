"""`lakehouse tenants`."""

from typing import Annotated

import typer
from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home


def tenants(
    register: Annotated[
        list[str] | None, typer.Option(help="let this tenant's analysts in; repeatable")
    ] = None,
    unregister: Annotated[
        list[str] | None, typer.Option(help="let them in no longer; the data stays")
    ] = None,
) -> None:
    """Tenants of the source, and which of them may query (`lakehouse query --as analyst@SLUG`)."""
    from lakehouse.homes.embedded import tenants as registry

    home = current_home()
    if unregister:
        registry.unregister(home, unregister)
    if register:
        registry.register(home, register)
    found = registry.registered(home)
    table = Table("tenant", "id", "its analysts", title=f"registry: {home.state.tenants}")
    for slug, tenant in registry.tenants_in_source(home).items():
        listed = found.tenants.get(slug)
        is_let_in = listed is not None and listed.id == tenant.id
        otherwise = "see nothing: registered with another id" if listed else "see nothing"
        table.add_row(slug, tenant.id, "may query" if is_let_in else otherwise)
    console.print(table)
    console.print(f"Tables that they may read: {', '.join(found.tables)}", highlight=False)
