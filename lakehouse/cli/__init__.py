"""The `lakehouse` command: one file per subcommand; each loads what it needs when it runs."""

import sys

import typer
from rich.console import Console

from contracts import ContractError
from lakehouse.errors import LakehouseError

app = typer.Typer(
    name="lakehouse",
    help="Multi-tenant analytics lakehouse: source to Bronze to Silver to Gold, on this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
console = Console()
errors = Console(stderr=True)


def main() -> None:
    """Run the command; a known error is one message and exit code 1, never a traceback."""
    from lakehouse.cli import commands

    commands.register(app)
    try:
        app()
    except (LakehouseError, ContractError) as error:
        _fail(error)
    except Exception as error:
        # Errors of the two packages that commands load lazily, by name: importing them here would
        # make every start of the command load PySpark.
        if type(error).__module__.startswith(("spark_bronze_to_silver.", "lakehouse.")):
            _fail(error)
        raise


def _fail(error: Exception) -> None:
    errors.print("[bold red]error:[/bold red]", end=" ")
    errors.print(str(error), markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)
