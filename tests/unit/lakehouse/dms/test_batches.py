"""Chunks of changes become batches by table and commit day."""

import dataclasses

import pytest

from lakehouse.dms.batches import Allowed, batches_of
from lakehouse.dms.change_seq import ChangeSequence
from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.errors import IncompleteLogError
from tests.unit.lakehouse.dms.pgoutput import NULL, UNCHANGED, delete, insert, table, update

DAY = 24 * 3600 * 1_000_000
TENANT, OTHER = (
    table("name", "id", name="core_tenant"),
    table("x", oid=8, name="unknown"),
)


@pytest.fixture
def buffer(contracts):
    columns = tuple(contracts["tenant"].column(n) for n in ("id", "name"))
    tenant = dataclasses.replace(contracts["tenant"], columns=columns)
    made = ChangeBuffer({"tenant": tenant}, ChangeSequence(0, 100), lambda contract: [])
    made.announce(TENANT)
    made.announce(OTHER)
    return made


def fill(buffer, *transactions):
    for microseconds, messages in transactions:
        buffer.begin(microseconds)
        buffer.chunk.messages.extend(messages)
        buffer.commit()


def test_changes_are_numbered_in_the_order_of_the_stream_across_tables(buffer):
    others = [insert(("1",), oid=8), insert(("2",), oid=8)]
    fill(buffer, (DAY, [insert(("a", "1")), *others]), (DAY + 1, [insert(("b", "2"))]))
    ((contract, folder, batch),) = batches_of(buffer.take(), str, Allowed())
    assert (contract.name, folder) == ("tenant", "2000-01-02 00:00:00+00:00")
    assert [s[16:].lstrip("0") for s in batch["dms_change_seq"].to_pylist()] == ["101", "104"]
    assert batch["dms_committed_at"].to_pylist() == [
        "2000-01-02 00:00:00.000000",
        "2000-01-02 00:00:00.000001",
    ]
    assert batch["id"].to_pylist() == ["1", "2"]
    assert buffer.complete == ChangeSequence(2000010200000000, 104)


def test_each_date_folder_has_a_batch_of_its_own(buffer):
    fill(buffer, (DAY, [insert(("a", "1"))]), (2 * DAY, [insert(("b", "2"))]), (DAY, []))
    found = batches_of(buffer.take(), lambda committed: f"{committed:%Y/%m/%d}", Allowed())
    folders = {folder: batch["name"].to_pylist() for _, folder, batch in found}
    assert folders == {"2000/01/02": ["a"], "2000/01/03": ["b"]}


def test_a_transaction_in_several_chunks_is_complete_only_at_its_end(buffer):
    fill(buffer, (DAY, [insert(("a", "1"))]))
    before = buffer.complete
    buffer.begin(2 * DAY)
    for name in "bcd":
        buffer.chunk.messages.append(insert((name, name)))
        assert buffer.complete == before
        (*_, batch) = (b.batch for b in batches_of(buffer.take(), str, Allowed()))
        assert batch["dms_committed_at"].to_pylist()[-1] == "2000-01-03 00:00:00.000000"
    buffer.commit()
    assert buffer.complete == ChangeSequence(2000010300000000, 104)


@pytest.mark.parametrize(
    ("message", "what"),
    [
        (delete((NULL, "1"), mark=b"K"), "only its key with a delete"),
        (update((UNCHANGED, "1")), "leaves out a large value"),
    ],
)
def test_a_row_that_the_log_holds_in_part_is_refused(buffer, message, what):
    fill(buffer, (DAY, [insert(("a", "1")), message]))
    with pytest.raises(IncompleteLogError, match=f"core_tenant .*{what}"):
        list(batches_of(buffer.take(), str, Allowed()))
