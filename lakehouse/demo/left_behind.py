"""The state that `lakehouse demo` leaves, which the demonstrations start from."""

from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.hudi_folder import is_table


def require_demo(home: EmbeddedHome, *, source: bool = False) -> None:
    """Raise LakehouseError with the command to run when a layer is missing.

    source says whether the source database has to run as well.
    """
    missing = [
        what
        for what, is_there in (
            ("Bronze", any(home.state.bronze.rglob("LOAD*"))),
            ("Silver", all(is_table(home.state.silver / c) for c in home.contracts)),
            ("Gold", home.state.duckdb.exists()),
            ("the registry of tenants", home.state.tenants.exists()),
        )
        if not is_there
    ]
    if missing:
        raise LakehouseError(
            f"{' and '.join(missing)} not found in {home.state.root}; nothing was done. "
            "Demonstrations run on what the demo leaves: run `make demo` (or `lakehouse demo`)."
        )
    if source:
        home.dsn()
