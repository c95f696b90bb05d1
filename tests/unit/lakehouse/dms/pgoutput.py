"""Messages of pgoutput for one table, and a replication cursor that plays them."""

import os
import struct

from lakehouse.dms.decode import ColumnType, Relation

NULL, UNCHANGED = None, object()
TEXT = ColumnType(25, -1)


def name(value):
    return value.encode() + b"\0"


def begin(microseconds=0, commit_lsn=0):
    return b"B" + struct.pack("!QqI", commit_lsn, microseconds, 1)


def commit(end_lsn):
    return b"C" + struct.pack("!BQQq", 0, 0, end_lsn, 0)


def relation(schema, table, columns, oid=7, key=()):
    described = b"".join(
        struct.pack("!B", c in key) + name(c) + struct.pack("!Ii", *TEXT) for c in columns
    )
    count = struct.pack("!H", len(columns))
    return b"R" + struct.pack("!I", oid) + name(schema) + name(table) + b"f" + count + described


def row(values, kind=b"t"):
    """A row of texts; their binary form (kind b) is the same."""
    out = struct.pack("!H", len(values))
    for value in values:
        if value is NULL:
            out += b"n"
        elif value is UNCHANGED:
            out += b"u"
        else:
            out += kind + struct.pack("!I", len(value.encode())) + value.encode()
    return out


def insert(values, oid=7, kind=b"t"):
    return b"I" + struct.pack("!I", oid) + b"N" + row(values, kind)


def update(values, old=None, *, mark=b"O", oid=7, kind=b"t"):
    before = b"" if old is None else mark + row(old, kind)
    return b"U" + struct.pack("!I", oid) + before + b"N" + row(values, kind)


def delete(old, *, mark=b"O", oid=7, kind=b"t"):
    return b"D" + struct.pack("!I", oid) + mark + row(old, kind)


def table(*columns, oid=7, name="core_x"):
    return Relation(oid, "public", name, columns, types=(TEXT,) * len(columns))


class Message:
    def __init__(self, payload):
        self.payload = payload


class PlayedCursor:
    """Gives (position, message) pairs; a message of None is a keep-alive, an error is raised.

    At the end of the script nothing more is there. The connection always looks readable, as it
    does when the server answers at once.
    """

    def __init__(self, script):
        self.wal_end = 0
        self.feedback = []
        self._script = iter(script)
        self._readable, writable = os.pipe()
        os.write(writable, b"x")

    def read_message(self):
        position, payload = next(self._script, (self.wal_end, None))
        self.wal_end = position
        if isinstance(payload, Exception):
            raise payload
        return Message(payload) if payload is not None else None

    def send_feedback(self, **given):
        self.feedback.append(given)

    def fileno(self):
        return self._readable
