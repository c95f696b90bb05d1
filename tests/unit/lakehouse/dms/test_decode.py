"""pgoutput messages that are about something else than a row."""

import struct

import pytest

from lakehouse.dms.decode import Begin, Commit, Relation, Truncate, decode
from tests.unit.lakehouse.dms import pgoutput


def test_a_transaction_begins_and_ends():
    assert decode(pgoutput.begin(12345, commit_lsn=99)) == Begin(12345, 99)
    assert decode(b"C" + struct.pack("!BQQQ", 0, 100, 140, 12345)) == Commit(140)


def test_a_table_is_announced_with_its_columns_and_its_key():
    message = pgoutput.relation("public", "core_x", ("id", "größe"), key=("id",))
    assert decode(message) == Relation(
        7, "public", "core_x", ("id", "größe"), ("id",), ((25, -1), (25, -1))
    )


def test_truncated_tables_are_named():
    assert decode(b"T" + struct.pack("!IBII", 2, 0, 7, 9)) == Truncate((7, 9))


@pytest.mark.parametrize("kind", [b"O", b"Y", b"M"])
def test_other_messages_are_of_no_interest(kind):
    assert decode(kind + b"whatever") is None
