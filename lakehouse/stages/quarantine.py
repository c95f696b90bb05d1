"""Redrive and discard of quarantined rows, by the job that runs on Glue."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contracts import Contract
from lakehouse.checks.quarantine import OPEN, entries
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.stages.lock import writing_silver
from lakehouse.stages.silver import chosen_contracts

if TYPE_CHECKING:
    from spark_bronze_to_silver.redrive import Redriven


def redrive(home: EmbeddedHome, tables: Sequence[str] = ()) -> list["Redriven"]:
    """Try the open entries of the tables again; one result for each table that has any."""
    contracts = [c for c in chosen_contracts(home, tables) if _has_open(home, c)]
    if not contracts:
        return []
    from lakehouse.erasure.records import refuse_erased
    from spark_bronze_to_silver.redrive import redrive_table

    with writing_silver(home.state):
        # A file that was broken may have been mended, and hold whom an erasure has taken out.
        refuse_erased(home.state, home.contracts)
        return [redrive_table(home.places(contract)) for contract in contracts]


def discard(home: EmbeddedHome, table: str, hashes: Sequence[str]) -> int:
    """Close open entries of the table for good; returns how many."""
    (contract,) = chosen_contracts(home, [table])
    from spark_bronze_to_silver import redrive as job

    with writing_silver(home.state):
        return job.discard(home.places(contract), hashes)


def _has_open(home: EmbeddedHome, contract: Contract) -> bool:
    return any(entry.state == OPEN for entry in entries(home.state, contract.name))
