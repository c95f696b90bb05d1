"""Looks for a person in everything below the state folder but the source's own database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lakehouse.erasure.person import Person
from lakehouse.state import State

# The source's own files, programs, what erasure itself writes down, and the rehearsal: a lake with
# a generated source of its own.
LEFT_OUT = ("postgres", "jars", "java", "erasures", "rehearsal", "spark-warehouse")
PARQUET, DATABASE = ".parquet", ".duckdb"


@dataclass(frozen=True)
class Searched:
    """What was looked through in one place, and what was found.

    values: rows or files with an e-mail address or telephone number of the person. references:
    rows that name the customer and are no tombstone. tombstones: rows with the customer's key.
    """

    place: str
    files: int = 0
    bytes: int = 0
    values: int = 0
    references: int = 0
    tombstones: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the person was not found."""
        return not (self.values or self.references)


def search(state: State, person: Person) -> list[Searched]:
    """One result for each folder or file directly below the state folder, by name."""
    pattern = "|".join(re.escape(v) for v in sorted(person.values)) or r"\b\B"
    found = []
    for place in sorted(state.root.iterdir()):
        if place.name in LEFT_OUT or place.is_symlink():
            continue
        files = [place] if place.is_file() else [p for p in place.rglob("*") if p.is_file()]
        counts = [_in_file(file, person, pattern) for file in files]
        values, references, tombstones = (sum(c[i] for c in counts) for i in range(3))
        size = sum(file.stat().st_size for file in files)
        found.append(Searched(place.name, len(files), size, values, references, tombstones))
    return found


def _in_file(file: Path, person: Person, pattern: str) -> tuple[int, int, int]:
    if file.suffix == PARQUET:
        return _in_table(pq.read_table(file), person, pattern)
    if file.suffix == DATABASE:
        counts = [_in_table(table, person, pattern) for table in _tables(file)]
        return tuple(sum(c[i] for c in counts) for i in range(3))
    text = file.read_bytes()
    needles = [person.customer_id, *person.values]
    return int(any(needle.encode() in text for needle in needles)), 0, 0


def _tables(file: Path) -> Iterator[pa.Table]:
    with duckdb.connect(str(file), read_only=True) as connection:
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        for schema, name in names:
            yield connection.sql(f'from "{schema}"."{name}"').to_arrow_table()


def _in_table(table: pa.Table, person: Person, pattern: str) -> tuple[int, int, int]:
    """Rows with a value, rows that name the customer, and tombstones of the customer's own row."""
    texts = [n for n in table.column_names if pa.types.is_string(table.schema.field(n).type)]
    nobody = pa.array([False] * len(table), pa.bool_())
    values = names = nobody
    for column in texts:
        # Hudi repeats the key and the file's name in columns of its own.
        if not column.startswith("_hoodie"):
            cells = table[column]
            values = pc.or_(values, pc.fill_null(pc.match_substring_regex(cells, pattern), False))
            names = pc.or_(names, pc.fill_null(pc.equal(cells, person.customer_id), False))
    if "tenant_id" in table.column_names:
        # What another tenant knows of somebody is that tenant's.
        ours = pc.fill_null(pc.equal(table["tenant_id"], person.tenant_id), True)
        values, names = pc.and_(values, ours), pc.and_(names, ours)
    tombstone = nobody
    if "is_deleted" in table.column_names:
        tombstone = table["is_deleted"]
    elif "Op" in table.column_names:
        tombstone = pc.equal(table["Op"], "D")
    tombstone = pc.and_(names, pc.fill_null(tombstone, False))
    references = pc.and_(names, pc.invert(tombstone))
    return tuple(
        pc.sum(pc.cast(m, pa.int64())).as_py() or 0 for m in (values, references, tombstone)
    )
