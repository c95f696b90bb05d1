"""Row messages, many at once: the same as a plain reading of one after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.dms.errors import ReplicationError
from lakehouse.dms.message_log import Log
from lakehouse.dms.rows import decode_rows
from tests.unit.lakehouse.dms.pgoutput import (
    NULL,
    UNCHANGED,
    delete,
    insert,
    table,
    update,
)

COLUMNS = ("id", "text", "more")
TABLE = table(*COLUMNS)


def read(*messages, wanted=(0, 1, 2)):
    log = Log(messages)
    return decode_rows(log, log.starts.copy(), TABLE, wanted)


def rows_of(decoded):
    operations = decoded.operations.to_pylist()
    columns = [c.to_pylist() for c in decoded.columns]
    return list(zip(operations, *columns, strict=True))


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
values = st.none() | texts


@st.composite
def changes(draw, form=b"t"):
    """A message, and the row that it tells: operation, values, whether a part is missing."""
    new, old = (draw(st.lists(values, min_size=3, max_size=3)) for _ in range(2))
    kind = draw(st.sampled_from(["I", "U", "U full", "U key", "D full", "D key"]))
    if kind == "I":
        return insert(new, kind=form), ("I", *new), False
    if kind == "D full":
        return delete(old, kind=form), ("D", *old), False
    key = [old[0], NULL, NULL]
    if kind == "D key":
        return delete(key, mark=b"K", kind=form), ("D", *key), True
    kept = draw(st.sets(st.integers(0, 2)))
    sent = [UNCHANGED if i in kept else v for i, v in enumerate(new)]
    if kind == "U":
        told = [NULL if i in kept else v for i, v in enumerate(new)]
        return update(sent, kind=form), ("U", *told), bool(kept)
    before = old if kind == "U full" else key
    told = [before[i] if i in kept else v for i, v in enumerate(new)]
    mark = b"O" if kind == "U full" else b"K"
    return update(sent, before, mark=mark, kind=form), ("U", *told), bool(kept) and kind == "U key"


@pytest.mark.parametrize("form", [b"t", b"b"])
@given(data=st.data())
def test_many_messages_at_once_are_the_same_as_one_by_one(data, form):
    plan = data.draw(st.lists(changes(form), min_size=1, max_size=30))
    decoded = read(*[message for message, _, _ in plan])
    assert rows_of(decoded) == [told for _, told, _ in plan]
    assert decoded.is_partial.tolist() == [partial for _, _, partial in plan]


@given(st.lists(changes(), min_size=1, max_size=8))
def test_messages_of_other_tables_lie_between(plan):
    log = Log([m for message, _, _ in plan for m in (message, insert(("other",), oid=8))])
    mine = log.starts[log.oids == 7]
    decoded = decode_rows(log, mine, TABLE, (0, 1, 2))
    assert rows_of(decoded) == [told for _, told, _ in plan]


def test_null_and_an_empty_text_are_kept_apart():
    assert rows_of(read(insert(("1", "", NULL)))) == [("I", "1", "", None)]


def test_only_wanted_columns_are_read_and_in_the_wanted_order():
    decoded = read(insert(("1", "a", "b")), wanted=(2, None, 0))
    assert decoded.columns[1] is None
    assert [c.to_pylist() for c in (decoded.columns[0], decoded.columns[2])] == [["b"], ["1"]]


def test_a_large_value_that_did_not_change_comes_from_the_old_row():
    decoded = read(update(("2", UNCHANGED, "new"), ("1", "large", "old")))
    assert rows_of(decoded) == [("U", "2", "large", "new")]
    assert not decoded.is_partial.any()


def test_another_number_of_columns_than_announced_is_refused():
    with pytest.raises(ReplicationError, match="core_x: a row has another number"):
        read(insert(("1", "a")))
