"""When a reading of the slot writes files, what it saves, and that it acknowledges nothing."""

import dataclasses
import itertools
import time
from datetime import UTC, datetime

import psycopg2
import pyarrow.parquet as pq
import pytest

from lakehouse.dms.change_seq import ChangeSequence
from lakehouse.dms.changes import ChangeBuffer
from lakehouse.dms.errors import SourceUnreachableError
from lakehouse.dms.stream import POLL_SECONDS, ChangeStream, Destination, Position
from tests.unit.lakehouse.dms.conftest import new_bronze
from tests.unit.lakehouse.dms.pgoutput import PlayedCursor, begin, commit, insert, relation

NOON = 946_684_800_000_000 // 2  # microseconds since 2000


@pytest.fixture
def table(contracts):
    columns = tuple(contracts["tenant"].column(n) for n in ("id", "name"))
    return {"tenant": dataclasses.replace(contracts["tenant"], columns=columns)}


@pytest.fixture
def saved():
    return []


@pytest.fixture
def play(table, bronze, saved):
    """Play a script; returns the stream and the feedback that it gave."""

    def played(script, until, *, flush_seconds=60.0, timeout_seconds=5.0):
        announced = [(1, relation("public", "core_tenant", ("id", "name")))]
        cursor = PlayedCursor([*announced, *script])
        target = new_bronze(bronze, table)
        stream = ChangeStream(
            cursor,
            ChangeBuffer(table, ChangeSequence(), lambda contract: []),
            start=Position(0, 0, 0),
            destination=Destination(
                target, saved.append, lambda: datetime(2026, 1, 2, tzinfo=UTC), lambda step: None
            ),
        )
        stream.read(until, flush_seconds=flush_seconds, timeout_seconds=timeout_seconds)
        return stream, cursor.feedback

    return played


def transaction(*names, end, microseconds=NOON):
    changes = [(end - 1, insert((str(i), n))) for i, n in enumerate(names)]
    return [(end - 5, begin(microseconds)), *changes, (end, commit(end))]


def written(stream):
    return [r["name"] for f in stream.files.written for r in pq.read_table(f).to_pylist()]


def test_a_quiet_server_is_asked_how_far_it_is_and_nothing_is_acknowledged(play, saved):
    script = [*transaction("a", end=100), (100, None), (150, None)]
    stream, feedback = play(script, lambda received: received >= 150)
    assert written(stream) == ["a"]
    assert saved[-1].lsn == 150
    assert feedback == [{"reply": True}]


def test_a_server_that_answers_at_once_is_not_asked_again_and_again(play):
    answers = [(n, None) for n in range(100, 140)]
    begun = time.monotonic()
    _, feedback = play(answers, lambda received: received >= 139)
    assert len(feedback) <= 1 + (time.monotonic() - begun) / POLL_SECONDS


def test_a_server_that_never_pauses_is_caught_up_with_all_the_same(play):
    endless = itertools.chain.from_iterable(
        transaction(f"t{n}", end=100 * n) for n in range(1, 10**4)
    )
    stream, _ = play(itertools.islice(endless, 3000), lambda received: received >= 500)
    assert written(stream) == ["t1", "t2", "t3", "t4", "t5"]
    assert stream.durable.lsn == 500


def test_a_transaction_is_not_written_in_part_when_the_interval_is_over(play):
    begun, first, second, committed = transaction("a", "b", end=100)
    script = [begun, first, (99, None), (99, None), second, (99, None), committed]
    stream, _ = play(script, lambda received: received >= 100, flush_seconds=0)
    assert written(stream) == ["a", "b"] and len(stream.files.written) == 1


def test_the_state_stays_before_a_large_transaction_until_it_is_complete(play, saved, monkeypatch):
    monkeypatch.setattr("lakehouse.dms.stream.MAX_BYTES", 40)
    monkeypatch.setattr("lakehouse.dms.stream.CHUNK_BYTES", 30)
    big = transaction("b", "c", "d", "e", end=300)
    stream, _ = play([*transaction("a", end=100), *big], lambda received: received >= 300)
    assert written(stream) == ["a", "b", "c", "d", "e"] and len(stream.files.written) > 2
    assert {p.lsn for p in saved} <= {100, 300}
    assert saved[-1] == Position(300, saved[-1].time_part, 5)


def test_a_transaction_around_midnight_goes_to_the_day_of_its_commit(play, bronze):
    day = 24 * 3600 * 1_000_000
    before, after = 9497 * day - 1, 9497 * day  # 2026-01-01 begins
    script = transaction("old", end=100, microseconds=before)
    script += transaction("new", end=200, microseconds=after)
    stream, _ = play(script, lambda received: received >= 200)
    days = [str(f.parent.relative_to(bronze / "public/core_tenant")) for f in stream.files.written]
    assert days == ["2025/12/31", "2026/01/01"] and written(stream) == ["old", "new"]


def test_a_broken_connection_saves_what_the_server_may_take_as_acknowledged(play, saved):
    with pytest.raises(SourceUnreachableError, match="sent again"):
        play([(150, None), (170, psycopg2.OperationalError("gone"))], lambda received: False)
    assert [p.lsn for p in saved] == [150, 170]


def test_a_broken_connection_does_not_save_past_changes_without_a_file(play, saved):
    script = [*transaction("a", end=100), (170, psycopg2.OperationalError("gone"))]
    with pytest.raises(SourceUnreachableError):
        play(script, lambda received: False)
    assert saved == []


def test_a_server_that_stays_behind_is_given_up_with_what_to_do(play):
    with pytest.raises(SourceUnreachableError, match="Run the command again"):
        play([], lambda received: False, timeout_seconds=0)
