"""Bronze to Silver, by the job that runs on Glue, in this process's Spark session."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from contracts import Contract
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.stages.lock import writing_silver

if TYPE_CHECKING:
    from spark_bronze_to_silver.to_silver import TableResult


def chosen_contracts(home: EmbeddedHome, names: Sequence[str]) -> list[Contract]:
    """The contracts of these tables, of all when none is named.

    Raises LakehouseError for a name without a contract.
    """
    unknown = [n for n in names if n not in home.contracts]
    if unknown:
        raise LakehouseError(
            f"unknown table {unknown[0]!r}; nothing was done. "
            f"Tables with a contract: {', '.join(home.contracts)}"
        )
    return [c for n, c in home.contracts.items() if not names or n in names]


def build_silver(
    home: EmbeddedHome,
    tables: Sequence[str] = (),
    on_result: Callable[["TableResult"], None] = lambda result: None,
    *,
    on_start: Callable[[str], None] = lambda table: None,
    quarantine_limit: float | None = None,
    enforce_quality: bool = True,
) -> list["TableResult"]:
    """Bring the tables up to date; quarantine_limit stands in for the contracts' own.

    enforce_quality says whether a critical failure of the quality gate stops its table.
    Raises LakehouseError or SilverJobError; see those.
    """
    contracts = chosen_contracts(home, tables)
    from lakehouse.dms.state import load_started
    from lakehouse.erasure.records import refuse_erased
    from spark_bronze_to_silver.to_silver import run_tables

    with writing_silver(home.state):
        refuse_erased(home.state, home.contracts)
        return run_tables(
            home.spark,
            contracts,
            bronze=str(home.state.bronze),
            silver=str(home.state.silver),
            load_started=load_started(home.state.dms),
            quarantine_limit=quarantine_limit,
            enforce_quality=enforce_quality,
            on_start=on_start,
            on_result=on_result,
        )
