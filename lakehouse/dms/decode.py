"""Decodes pgoutput, the logical replication plugin that is part of PostgreSQL.

Source: PostgreSQL documentation, "Logical Replication Message Formats", protocol version 1.
Values arrive as text; a row is a list of str or None in the relation's column order.
"""

import struct
from dataclasses import dataclass
from typing import NamedTuple

from lakehouse.dms.errors import ReplicationError

Values = list[str | None]
INSERT, UPDATE, DELETE = b"IUD"
KEY_ONLY, OLD_ROW = b"KO"
TEXT, UNCHANGED = b"tu"
_count = struct.Struct("!H").unpack_from
_length = struct.Struct("!I").unpack_from
_position = struct.Struct("!Q").unpack_from


@dataclass(frozen=True, slots=True)
class Begin:
    """A transaction starts; pgoutput sends it only after its commit. Microseconds since 2000."""

    commit_microseconds: int


@dataclass(frozen=True, slots=True)
class Commit:
    """The transaction is complete; end_lsn is the position to continue from."""

    end_lsn: int


@dataclass(frozen=True, slots=True)
class Relation:
    """Columns of a table, sent before its first change and after every change of its definition."""

    schema: str
    table: str
    columns: tuple[str, ...]


class Change(NamedTuple):
    """One row change; op is I, U or D. values are the row after it, for D the row before it."""

    op: str
    relation: Relation
    values: Values


@dataclass(frozen=True, slots=True)
class Truncate:
    """Tables were truncated; no rows come with it."""

    relations: tuple[Relation, ...]


Message = Begin | Commit | Relation | Change | Truncate


class Decoder:
    """Turns messages into objects; remembers the relations that the stream has announced."""

    def __init__(self) -> None:
        self._relations: dict[int, Relation] = {}

    def decode(self, message: bytes) -> Message | None:
        """The decoded message; None for kinds that carry no row (origin, type, message).

        Raises ReplicationError when the log holds only a part of a row.
        """
        kind = message[0]
        if kind in (INSERT, UPDATE, DELETE):
            return self._change(kind, message)
        if kind == ord("B"):
            return Begin(struct.unpack_from("!q", message, 9)[0])
        if kind == ord("C"):
            return Commit(_position(message, 10)[0])
        if kind == ord("R"):
            return self._relation(message)
        if kind == ord("T"):
            count = _length(message, 1)[0]
            oids = struct.unpack_from(f"!{count}I", message, 6)
            return Truncate(tuple(self._relations[oid] for oid in oids))
        return None

    def _relation(self, message: bytes) -> Relation:
        oid = _length(message, 1)[0]
        schema, position = _name(message, 5)
        table, position = _name(message, position)
        count = _count(message, position + 1)[0]
        position += 3
        columns = []
        for _ in range(count):
            name, position = _name(message, position + 1)
            columns.append(name)
            position += 8  # type and its modifier
        self._relations[oid] = Relation(schema, table, tuple(columns))
        return self._relations[oid]

    def _change(self, kind: int, message: bytes) -> Change:
        relation = self._relations[_length(message, 1)[0]]
        if kind == INSERT:
            return Change("I", relation, _row(message, 6)[0])
        before = message[5]
        if kind == DELETE:
            if before != OLD_ROW:
                raise _incomplete(relation, "sends only its key with a delete")
            return Change("D", relation, _row(message, 6)[0])
        # The old row is only read when the new one lacks a value: it is half of the bytes.
        position = _after_row(message, 6) if before in (KEY_ONLY, OLD_ROW) else 5
        values, unchanged = _row(message, position + 1)
        if unchanged:
            if before != OLD_ROW:
                raise _incomplete(relation, "leaves out a large value that an update kept")
            _fill(values, unchanged, _row(message, 6)[0])
        return Change("U", relation, values)


def _fill(values: Values, unchanged: list[int], old: Values) -> None:
    for place in unchanged:
        values[place] = old[place]


def _incomplete(relation: Relation, what: str) -> ReplicationError:
    name = f"{relation.schema}.{relation.table}"
    return ReplicationError(
        f"{name} {what}, because its replica identity is not full. Nothing of this batch was "
        f"written, and the change cannot be read any more. Run `alter table {name} replica "
        "identity full` in the source, then remove Bronze, Silver and the task's state and run "
        "the full load again."
    )


def _row(message: bytes, position: int) -> tuple[Values, list[int]]:
    """The row's values, and the places of large (TOAST) values that the log leaves out."""
    values: Values = []
    unchanged: list[int] = []
    count = _count(message, position)[0]
    position += 2
    for place in range(count):
        kind = message[position]
        position += 1
        if kind == TEXT:
            start = position + 4
            position = start + _length(message, position)[0]
            values.append(message[start:position].decode())
        else:
            values.append(None)
            if kind == UNCHANGED:
                unchanged.append(place)
    return values, unchanged


def _after_row(message: bytes, position: int) -> int:
    """Where the row that starts at position ends."""
    count = _count(message, position)[0]
    position += 2
    for _ in range(count):
        if message[position] == TEXT:
            position += 4 + _length(message, position + 1)[0]
        position += 1
    return position


def _name(message: bytes, position: int) -> tuple[str, int]:
    end = message.index(0, position)
    return message[position:end].decode(), end + 1
