"""Decodes pgoutput, the logical replication plugin that is part of PostgreSQL.

Source: PostgreSQL documentation, "Logical Replication Message Formats", protocol version 1.
Values arrive as text; a row is a list of str or None in the relation's column order.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from lakehouse.dms.errors import ReplicationError

Values = list[str | None]


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


@dataclass(frozen=True, slots=True)
class Change:
    """One row change; op is I, U or D. values are the row after it, for D the row before it."""

    op: str
    relation: Relation
    values: Values


@dataclass(frozen=True, slots=True)
class Truncate:
    """Tables were truncated; no rows come with it."""

    relations: tuple[Relation, ...]


Message = Begin | Commit | Relation | Change | Truncate
_UNCHANGED = object()


class Decoder:
    """Turns messages into objects; remembers the relations that the stream has announced."""

    def __init__(self) -> None:
        self._relations: dict[int, Relation] = {}

    def decode(self, message: bytes) -> Message | None:
        """The decoded message; None for kinds that carry no row (origin, type, message)."""
        kind = message[:1]
        if kind in (b"I", b"U", b"D"):
            return self._change(kind, message)
        if kind == b"B":
            return Begin(struct.unpack_from("!Q", message, 9)[0])
        if kind == b"C":
            return Commit(struct.unpack_from("!Q", message, 10)[0])
        if kind == b"R":
            return self._relation(message)
        if kind == b"T":
            count = struct.unpack_from("!I", message, 1)[0]
            oids = struct.unpack_from(f"!{count}I", message, 6)
            return Truncate(tuple(self._relations[oid] for oid in oids))
        return None

    def _relation(self, message: bytes) -> Relation:
        oid = struct.unpack_from("!I", message, 1)[0]
        schema, position = _text(message, 5)
        table, position = _text(message, position)
        count = struct.unpack_from("!H", message, position + 1)[0]
        position += 3
        columns = []
        for _ in range(count):
            name, position = _text(message, position + 1)
            columns.append(name)
            position += 8  # type and its modifier
        self._relations[oid] = Relation(schema, table, tuple(columns))
        return self._relations[oid]

    def _change(self, kind: bytes, message: bytes) -> Change:
        relation = self._relations[struct.unpack_from("!I", message, 1)[0]]
        position, before = 5, None
        if message[position : position + 1] in (b"K", b"O"):
            _refuse_key_only(message[position : position + 1], relation)
            before, position = _tuple(message, position + 1)
        if kind == b"D":
            return Change("D", relation, _complete(before, None, relation))
        after, _ = _tuple(message, position + 1)
        return Change(kind.decode(), relation, _complete(after, before, relation))


def _refuse_key_only(kind: bytes, relation: Relation) -> None:
    if kind == b"K":
        raise ReplicationError(
            f"{relation.schema}.{relation.table} sends only its key with a delete; nothing of this "
            f"batch was written. Run: alter table {relation.schema}.{relation.table} replica "
            "identity full"
        )


def _complete(values: Sequence | None, before: Sequence | None, relation: Relation) -> Values:
    """The row with unchanged TOAST values taken from the old row."""
    if values is None:
        raise ReplicationError(f"{relation.schema}.{relation.table}: a delete without its row")
    if _UNCHANGED not in values:
        return list(values)
    if before is None:
        raise ReplicationError(
            f"{relation.schema}.{relation.table}: an update leaves out a large value that it did "
            "not change, and the old row is not in the log. Nothing of this batch was written. "
            f"Run: alter table {relation.schema}.{relation.table} replica identity full"
        )
    return [old if new is _UNCHANGED else new for new, old in zip(values, before, strict=True)]


def _tuple(message: bytes, position: int) -> tuple[list, int]:
    count = struct.unpack_from("!H", message, position)[0]
    position += 2
    values: list = []
    for _ in range(count):
        kind = message[position]
        position += 1
        if kind == 116:  # t: text follows
            length = struct.unpack_from("!I", message, position)[0]
            position += 4
            values.append(message[position : position + length].decode())
            position += length
        else:  # n: null, u: unchanged TOAST value
            values.append(None if kind == 110 else _UNCHANGED)
    return values, position


def _text(message: bytes, position: int) -> tuple[str, int]:
    end = message.index(0, position)
    return message[position:end].decode(), end + 1
