"""pgoutput messages, byte by byte."""

import struct

import pytest

from lakehouse.dms.decode import Begin, Change, Commit, Decoder, Relation, Truncate
from lakehouse.dms.errors import ReplicationError

NULL, UNCHANGED = object(), object()
TABLE = Relation("public", "core_x", ("id", "text"))


def text(value):
    return value.encode() + b"\0"


def relation(oid=7):
    columns = b"".join(b"\0" + text(name) + struct.pack("!Ii", 25, -1) for name in TABLE.columns)
    return b"R" + struct.pack("!I", oid) + text("public") + text("core_x") + b"f\0\2" + columns


def values(*row):
    out = struct.pack("!H", len(row))
    for value in row:
        if value is NULL:
            out += b"n"
        elif value is UNCHANGED:
            out += b"u"
        else:
            out += b"t" + struct.pack("!I", len(value.encode())) + value.encode()
    return out


def change(kind, *parts):
    return kind + struct.pack("!I", 7) + b"".join(parts)


@pytest.fixture
def decoder():
    decoder = Decoder()
    assert decoder.decode(relation()) == TABLE
    return decoder


def test_a_transaction_begins_and_ends(decoder):
    assert decoder.decode(b"B" + struct.pack("!QQI", 100, 12345, 9)) == Begin(12345)
    assert decoder.decode(b"C" + struct.pack("!BQQQ", 0, 100, 140, 12345)) == Commit(140)


def test_an_insert_keeps_null_and_empty_text_apart(decoder):
    message = change(b"I", b"N", values("1", ""))
    assert decoder.decode(message) == Change("I", TABLE, ["1", ""])
    assert decoder.decode(change(b"I", b"N", values("1", NULL))) == Change("I", TABLE, ["1", None])


def test_text_is_utf_8(decoder):
    assert (
        decoder.decode(change(b"I", b"N", values("1", "Lumière 日本"))).values[1] == "Lumière 日本"
    )


def test_an_update_gives_the_row_after_it(decoder):
    message = change(b"U", b"O", values("1", "old"), b"N", values("1", "new"))
    assert decoder.decode(message) == Change("U", TABLE, ["1", "new"])
    assert decoder.decode(change(b"U", b"N", values("1", "new"))).values == ["1", "new"]


def test_a_large_value_that_did_not_change_comes_from_the_old_row(decoder):
    message = change(b"U", b"O", values("1", "large"), b"N", values("2", UNCHANGED))
    assert decoder.decode(message).values == ["2", "large"]


def test_a_large_value_without_the_old_row_is_refused(decoder):
    with pytest.raises(ReplicationError, match="core_x replica identity full"):
        decoder.decode(change(b"U", b"N", values("1", UNCHANGED)))


def test_a_delete_gives_the_row_before_it(decoder):
    assert decoder.decode(change(b"D", b"O", values("1", "old"))) == Change(
        "D", TABLE, ["1", "old"]
    )


def test_a_delete_with_only_its_key_is_refused(decoder):
    with pytest.raises(ReplicationError, match="core_x replica identity full"):
        decoder.decode(change(b"D", b"K", values("1", NULL)))


def test_truncated_tables_are_named(decoder):
    assert decoder.decode(b"T" + struct.pack("!IBI", 1, 0, 7)) == Truncate((TABLE,))


@pytest.mark.parametrize("kind", [b"O", b"Y", b"M"])
def test_other_messages_carry_no_row(decoder, kind):
    assert decoder.decode(kind + b"whatever") is None
