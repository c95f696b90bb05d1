"""Reads pgoutput, the logical replication plugin that is part of PostgreSQL.

Source: PostgreSQL documentation, "Logical Replication Message Formats", protocol version 1.
Values arrive as text or in their types' binary forms. Row changes are not looked at one by one:
`rows.decode_rows` reads all those of a table at once.
"""

import struct
from dataclasses import dataclass
from typing import NamedTuple

INSERT, UPDATE, DELETE = b"IUD"
CHANGES = frozenset((INSERT, UPDATE, DELETE))
_count = struct.Struct("!H").unpack_from
_length = struct.Struct("!I").unpack_from
_microseconds = struct.Struct("!q").unpack_from
_position = struct.Struct("!Q").unpack_from
_type, _type_bytes = struct.Struct("!Ii").unpack_from, 8


@dataclass(frozen=True, slots=True)
class Begin:
    """A transaction starts; pgoutput sends it only after its commit. Microseconds since 2000.

    commit_lsn is where the record of its commit begins.
    """

    commit_microseconds: int
    commit_lsn: int


@dataclass(frozen=True, slots=True)
class Commit:
    """The transaction is complete; end_lsn is the position to continue from."""

    end_lsn: int


class ColumnType(NamedTuple):
    """A column's type: its object identifier and its modifier, -1 when it has none."""

    oid: int
    modifier: int


@dataclass(frozen=True, slots=True)
class Relation:
    """Columns of a table, sent before its first change and after every change of its definition.

    key holds the names of the columns that make up its replica identity; types are those of the
    columns.
    """

    oid: int
    schema: str
    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    types: tuple[ColumnType, ...] = ()

    @property
    def name(self) -> str:
        """Schema and table, for messages."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True, slots=True)
class Truncate:
    """Tables were truncated; no rows come with it. oids are those of their relations."""

    oids: tuple[int, ...]


Message = Begin | Commit | Relation | Truncate


def decode(message: bytes) -> Message | None:
    """The message, when it is about something else than a row; None for kinds of no interest."""
    kind = message[0]
    if kind == ord("B"):
        return Begin(_microseconds(message, 9)[0], _position(message, 1)[0])
    if kind == ord("C"):
        return Commit(_position(message, 10)[0])
    if kind == ord("R"):
        return _relation(message)
    if kind == ord("T"):
        count = _length(message, 1)[0]
        return Truncate(struct.unpack_from(f"!{count}I", message, 6))
    return None


def _relation(message: bytes) -> Relation:
    oid = _length(message, 1)[0]
    schema, position = _name(message, 5)
    table, position = _name(message, position)
    count = _count(message, position + 1)[0]
    position += 3
    columns, key, types = [], [], []
    for _ in range(count):
        in_key = message[position]
        name, position = _name(message, position + 1)
        columns.append(name)
        if in_key:
            key.append(name)
        types.append(ColumnType(*_type(message, position)))
        position += _type_bytes
    return Relation(oid, schema, table, tuple(columns), tuple(key), tuple(types))


def _name(message: bytes, position: int) -> tuple[str, int]:
    end = message.index(0, position)
    return message[position:end].decode(), end + 1
