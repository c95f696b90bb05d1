"""What belongs to a customer: rows of every table by the contracts' references, and identifiers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts import Contract
from lakehouse.checks.bronze_files import is_readable
from lakehouse.erasure.errors import ErasureError
from spark_bronze_to_silver.bronze_files import local_bronze_files

ROOT = "customer"
# A value as short as this is in too many rows to say that it is somebody's.
SHORTEST_VALUE = 7
# Personal columns whose values name one person; the others (country, a first name) do not.
NAMING = ("email", "phone")


@dataclass(frozen=True)
class Person:
    """A customer of a tenant, ids of the rows that ever were theirs by table, and identifiers.

    values are e-mail addresses and telephone numbers that no other customer has; shared_with are
    the customers that have others of this one's: they may be the same human being.
    """

    tenant_id: str
    customer_id: str
    rows: Mapping[str, frozenset[str]]
    values: frozenset[str]
    shared_with: frozenset[str] = frozenset()


def find_person(
    bronze: Path, contracts: Mapping[str, Contract], tenant_id: str, customer_id: str
) -> Person:
    """Read all of Bronze for what belongs to the customer; contracts with the referenced first.

    A row belongs to them when any version of it refers to a row that does. Raises ErasureError for
    Bronze in another format than Parquet, which is not rewritten.
    """
    rows: dict[str, frozenset[str]] = {}
    values: set[str] = set()
    for contract in contracts.values():
        references = owning_references(contract, rows)
        if not references and contract.name != ROOT:
            continue
        found: set[str] = set()
        for file in bronze_files(bronze, contract):
            table = _whole(pq.read_table(file), contract)
            mine = table.filter(_mine(table, contract, references, rows, tenant_id, customer_id))
            found |= set(mine["id"].to_pylist())
            values |= _naming_values(mine, contract)
        rows[contract.name] = frozenset(found)
    shared, others = _shared(bronze, contracts[ROOT], rows[ROOT], values)
    own = frozenset(v for value in values - shared for v in (value, value.lower()))
    return Person(tenant_id, customer_id, rows, own, others)


def _shared(
    bronze: Path, contract: Contract, ids: frozenset[str], values: set[str]
) -> tuple[set[str], frozenset[str]]:
    """Those of the values that other customers have as well, and these customers."""
    known = {value.lower(): value for value in values}
    shared: set[str] = set()
    others: set[str] = set()
    for file in bronze_files(bronze, contract):
        for row in _whole(pq.read_table(file), contract).to_pylist():
            found = {known.get((row[n] or "").strip().lower()) for n in _naming(contract)} - {None}
            if found and row["id"] not in ids:
                shared |= found
                others.add(row["id"])
    return shared, frozenset(others)


def owning_references(contract: Contract, rows: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Columns that refer to a table of which rows belong to the customer, and that table."""
    found = {c.name: c.references.split(".")[0] for c in contract.columns if c.references}
    return {column: table for column, table in found.items() if table in rows}


def bronze_files(bronze: Path, contract: Contract) -> list[Path]:
    """The table's Bronze files."""
    folder = bronze / contract.bronze_folder
    files = [folder / f.name for f in local_bronze_files(folder)]
    if other := [file for file in files if file.suffix != ".parquet"]:
        raise ErasureError(
            f"{other[0]} is no Parquet file, and text in Bronze is not rewritten; nothing was "
            "changed. Load the table anew as Parquet and remove these files, then erase."
        )
    return files


def refuse_broken_files(bronze: Path, contracts: Mapping[str, Contract]) -> None:
    """Raises ErasureError when a file cannot be read: nobody knows who is in it."""
    for contract in contracts.values():
        if broken := [file for file in bronze_files(bronze, contract) if not is_readable(file)]:
            raise ErasureError(
                f"{broken[0]} cannot be read as Parquet, so nobody knows whose rows it holds; "
                "nothing was changed. Take it out of Bronze, or bring the whole file, and run the "
                "command again."
            )


def _whole(table: pa.Table, contract: Contract) -> pa.Table:
    """With the columns that the source has got since the file was written, as nulls."""
    for column in contract.columns:
        if column.name not in table.column_names:
            table = table.append_column(column.name, pa.nulls(len(table), pa.string()))
    return table


def _mine(
    table: pa.Table,
    contract: Contract,
    references: Mapping[str, str],
    rows: Mapping[str, frozenset[str]],
    tenant_id: str,
    customer_id: str,
) -> pa.Array:
    if contract.name == ROOT:
        mine = pc.equal(table["id"], customer_id)
    else:
        mine = pa.array([False] * len(table), pa.bool_())
        for column, target in references.items():
            belongs = pc.is_in(table[column], pa.array(sorted(rows[target]), pa.string()))
            mine = pc.or_(mine, belongs)
    return pc.and_(mine, pc.equal(table[contract.tenant_column], tenant_id))


def _naming_values(table: pa.Table, contract: Contract) -> set[str]:
    values = {v.strip() for n in _naming(contract) for v in table[n].to_pylist() if v}
    return {value for value in values if len(value) >= SHORTEST_VALUE}


def _naming(contract: Contract) -> list[str]:
    return [c.name for c in contract.columns if c.is_personal and c.name in NAMING]
