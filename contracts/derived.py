"""Tables that Silver derives: histories follow from a contract, others have a file of their own."""

from collections.abc import Iterable
from pathlib import Path

from contracts.loader import CONTRACTS_FOLDER, SUFFIX, load_derived_table
from contracts.model import Contract, DerivedColumn, DerivedTable

DERIVED_FOLDER = CONTRACTS_FOLDER / "derived"
# What a history says of each version, beside the row's own columns.
VERSION_COLUMNS = (
    DerivedColumn("is_deleted", "boolean", "Whether this change deleted the row."),
    DerivedColumn("source_op", "string", "The change: I (insert or full load), U or D."),
    DerivedColumn("source_seq", "string", "Place of the change in the source's log, 35 digits."),
    DerivedColumn("source_order", "string", "Place of the version among the row's versions."),
    DerivedColumn("source_committed_at", "timestamp", "Moment (UTC) of the change's commit."),
    DerivedColumn("valid_from", "timestamp", "Moment (UTC) from which the version held."),
    DerivedColumn(
        "valid_to",
        "timestamp",
        "Moment (UTC) from which it held no longer; null while it holds. Equal to valid_from when "
        "it never held: a change that another one of its commit replaced, a delete, a full load "
        "that found the row unchanged.",
    ),
    DerivedColumn("is_current", "boolean", "Whether the version holds now."),
    DerivedColumn("silver_processed_at", "timestamp", "Moment (UTC) at which the job wrote it."),
)


def derived_tables(
    contracts: Iterable[Contract], folder: Path = DERIVED_FOLDER
) -> list[DerivedTable]:
    """All derived tables of these contracts: their histories, and those that have a file.

    Raises ContractError when a file is broken.
    """
    contracts = list(contracts)
    bases = {c.name for c in contracts}
    described = [load_derived_table(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    histories = [history_of(c) for c in contracts if c.history]
    return histories + [table for table in described if table.base in bases]


def history_of(contract: Contract) -> DerivedTable:
    """Every version of the table's rows, without personal data.

    Columns that depend on other rows are left out: they change without a change of the row.
    """
    own = [
        DerivedColumn(c.name, c.silver_type, c.description, c.classification)
        for c in contract.columns
        if not c.is_personal
    ]
    own += [c for c in contract.derived if not c.is_personal and not c.from_other_rows]
    return DerivedTable(
        name=f"{contract.name}_history",
        description=f"Every version of {contract.name}, from the change log.",
        grain=f"one row a change of a row of {contract.name}",
        base=contract.name,
        key=(*contract.key, "source_order"),
        group=(),
        columns=(*own, *VERSION_COLUMNS),
    )
