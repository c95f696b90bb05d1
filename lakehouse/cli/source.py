"""`lakehouse up` and `lakehouse down`."""

from lakehouse.cli import console
from lakehouse.cli.home import current_home


def up() -> None:
    """Start the source database and bring its schema up to date."""
    home = current_home()
    with console.status("starting PostgreSQL and migrating"):
        dsn = home.start_source()
    console.print(f"The source database is up: [bold]{dsn}[/bold]", highlight=False)
    console.print("Next: `lakehouse seed`, then `lakehouse run`.")


def down() -> None:
    """Stop the source database; its data stays."""
    home = current_home()
    if not home.has_own_source:
        console.print("SOURCE_DB_HOST names a database of yours; it was left alone.")
        return
    home.postgres.stop()
    console.print("The source database is stopped. `lakehouse up` starts it with the same data.")
