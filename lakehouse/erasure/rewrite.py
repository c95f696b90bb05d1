"""Rewrites Bronze files without a person.

Of a row that the source has deleted only the delete is left, with the key alone: it is what an
older version that is delivered again loses against. A row that lives on, such as an event, keeps
what is nobody's: its personal columns are empty in every version, what refers to the person null.
"""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts import Column, Contract
from lakehouse.checks.bronze_files import is_readable
from lakehouse.dms.bronze_types import CHANGE_SEQ, COMMITTED_AT, OP
from lakehouse.dms.writer import hidden_path, sync
from lakehouse.erasure.person import Person, bronze_files, owning_references

DELETE = "D"


def rewrite_bronze(
    bronze: Path, contracts: Mapping[str, Contract], person: Person, *, since: float = 0.0
) -> dict[str, int]:
    """Rewrite the files that came after `since` (epoch seconds); rows touched by table.

    Each file is replaced atomically; a run that ends between two of them is just repeated. A file
    that cannot be read is left alone: Silver keeps it out, and mended it has come anew.
    """
    touched = {}
    for name in person.rows:
        contract = contracts[name]
        files = [file for file in bronze_files(bronze, contract) if is_readable(file)]
        gone = _deleted(files, contract, person)
        fresh = [file for file in files if file.stat().st_ctime > since]
        rows = sum(_rewrite(file, contract, person, gone) for file in fresh)
        if rows:
            touched[name] = rows
    return touched


def _deleted(files: list[Path], contract: Contract, person: Person) -> frozenset[str]:
    """Those of the rows whose last version is a delete; loaded rows come before all changes."""
    last: dict[str, tuple[str, str]] = {}
    for file in files:
        keys = list(dict.fromkeys(("id", contract.tenant_column)))
        table = pq.read_table(file, columns=[*keys, OP, CHANGE_SEQ])
        mine = _rows(table, contract, person, person.rows[contract.name])
        for row in table.filter(mine).to_pylist():
            version = (row[CHANGE_SEQ] or "", row[OP] or "")
            last[row["id"]] = max(last.get(row["id"], ("", "")), version)
    return frozenset(key for key, (_, op) in last.items() if op == DELETE)


def _rewrite(file: Path, contract: Contract, person: Person, gone: frozenset[str]) -> int:
    table = pq.read_table(file)
    mine = _rows(table, contract, person, person.rows[contract.name])
    dead = _rows(table, contract, person, gone)
    is_delete = pc.fill_null(pc.equal(table[OP], DELETE), False)
    kept = table.filter(pc.or_(pc.invert(dead), is_delete))
    changed = kept
    for column in contract.columns:
        changed = _without(changed, contract, column.name, person, gone)
    touched = len(table) - len(kept) + _differing(kept, changed)
    if touched and pc.any(mine).as_py():
        _replace(file, changed)
    return touched


def _without(
    table: pa.Table, contract: Contract, name: str, person: Person, gone: frozenset[str]
) -> pa.Table:
    """The table with this column empty where it says something of the person."""
    if name in ("id", contract.tenant_column) or name not in table.column_names:
        return table
    column, values = contract.column(name), table[name]
    dead, mine = (_rows(table, contract, person, ids) for ids in (gone, person.rows[contract.name]))
    if column.is_personal:
        values = pc.if_else(mine, pa.scalar(_empty(column), values.type), values)
    if (target := owning_references(contract, person.rows).get(name)) is not None:
        refers = pc.and_(mine, _is_in(table[name], person.rows[target]))
        values = pc.if_else(refers, pa.scalar(None, values.type), values)
    values = pc.if_else(dead, pa.scalar(None, values.type), values)
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), values)


def _empty(column: Column) -> str | None:
    """What a row that lives on may hold in a personal column: null, or nothing in its type."""
    if not column.required:
        return None
    return "{}" if column.source_type == "jsonb" else ""


def _rows(
    table: pa.Table, contract: Contract, person: Person, ids: frozenset[str]
) -> pa.ChunkedArray:
    """Which rows have one of these ids, in the person's tenant: another tenant's are another's."""
    same_tenant = pc.equal(table[contract.tenant_column], person.tenant_id)
    return pc.and_(_is_in(table["id"], ids), pc.fill_null(same_tenant, False))


def _is_in(values: pa.ChunkedArray, ids: frozenset[str]) -> pa.ChunkedArray:
    return pc.is_in(values, pa.array(sorted(ids), pa.string()))


def _differing(before: pa.Table, after: pa.Table) -> int:
    """Rows of which any value has changed."""
    changed = pa.array([False] * len(before), pa.bool_())
    for name in before.column_names:
        if name not in (OP, COMMITTED_AT, CHANGE_SEQ):
            nulled = pc.and_(pc.is_valid(before[name]), pc.is_null(after[name]))
            other = pc.fill_null(pc.not_equal(before[name], after[name]), False)
            changed = pc.or_(changed, pc.or_(nulled, other))
    return pc.sum(pc.cast(changed, pa.int64())).as_py() or 0


def _replace(file: Path, table: pa.Table) -> None:
    compression = "snappy"
    with pq.ParquetFile(file) as old:
        if old.metadata.num_row_groups:
            compression = old.metadata.row_group(0).column(0).compression.lower()
    hidden = hidden_path(file)
    pq.write_table(
        table, hidden, compression="none" if compression == "uncompressed" else compression
    )
    sync(hidden)
    hidden.rename(file)
    sync(file.parent)
