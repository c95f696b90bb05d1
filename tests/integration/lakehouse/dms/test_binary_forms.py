"""Values come in binary forms where the server has them and this program reads them, else as text.

That both give the same values: tests/properties/dms/test_binary_values.py.
"""

import dataclasses
from types import SimpleNamespace

import psycopg2
import pytest

from lakehouse.dms.errors import SourceUnreachableError
from lakehouse.dms.slot import BINARY_VERSION, start
from tests.integration.lakehouse.dms.conftest import TENANT

pytestmark = pytest.mark.postgres


@pytest.fixture
def asked(monkeypatch):
    """Whether each reading was given binary forms."""
    answers = []

    def observed(*args, **how):
        answers.append(start(*args, **how))
        return answers[-1]

    monkeypatch.setattr("lakehouse.dms.change_task.start", observed)
    return answers


def with_domain(contracts, source_type, bronze_type):
    tenant = contracts["tenant"]
    columns = tuple(
        dataclasses.replace(c, source_type=source_type, bronze_type=bronze_type)
        if c.name == "domain"
        else c
        for c in tenant.columns
    )
    return {**contracts, "tenant": dataclasses.replace(tenant, columns=columns)}


def changes(landed):
    rows = [r for r in landed.rows() if r["Op"] == "U"]
    return [(r["domain"], r["name"]) for r in sorted(rows, key=lambda r: r["dms_change_seq"])]


@pytest.mark.parametrize("version", [BINARY_VERSION, 10**9])
def test_a_server_without_binary_forms_is_read_as_text(
    source, task, landed, asked, monkeypatch, version
):
    monkeypatch.setattr("lakehouse.dms.slot.BINARY_VERSION", version)
    task.full_load()
    source.execute(source.tenant())
    assert task.catch_up().rows_by_table == {"core_tenant": 1}
    assert asked == [version == BINARY_VERSION]
    assert [r["id"] for r in landed.rows()] == [TENANT]


def test_changes_from_before_a_column_got_its_type_are_read_as_text(
    source, new_task, landed, contracts, asked
):
    source.execute(source.tenant())
    task = new_task()
    task.full_load()
    for number in (7, 8):
        source.execute(f"update core_tenant set domain = '{number}', name = 'before {number}'")
    retype = "alter table core_tenant alter column domain type integer using domain::integer"
    source.execute(retype)
    source.execute("update core_tenant set domain = 9, name = 'after'")
    retyped = new_task(contracts=with_domain(contracts, "integer", "int32"))
    report = retyped.catch_up()
    assert changes(landed) == [(7, "before 7"), (8, "before 8"), (9, "after")]
    assert report.operations == {"core_tenant": {"U": 3}}
    assert asked == [True, False]
    source.execute("update core_tenant set domain = 10, name = 'later'")
    retyped.catch_up()
    assert changes(landed)[3:] == [(10, "later")]
    assert len({r["dms_change_seq"] for r in landed.rows()}) == 5


def test_what_was_read_before_the_column_that_needs_text_is_neither_lost_nor_repeated(
    source, new_task, landed, contracts, asked, monkeypatch
):
    monkeypatch.setattr("lakehouse.dms.stream.MAX_ROWS", 1)
    source.execute(source.tenant())
    task = new_task()
    task.full_load()
    source.execute("update core_tenant set name = 'readable'")
    source.execute("alter table core_tenant alter column domain type char(9)")
    source.execute("update core_tenant set name = 'readable, too'")
    source.execute("alter table core_tenant alter column domain type bytea using domain::bytea")
    source.execute("update core_tenant set name = 'as text'")
    source.execute(
        "alter table core_tenant alter column domain type varchar(255) using encode(domain, 'hex')"
    )
    source.execute("update core_tenant set name = 'last'")
    report = task.catch_up()
    names = [name for _, name in changes(landed)]
    assert names == ["readable", "readable, too", "as text", "last"]
    assert report.operations == {"core_tenant": {"U": 4}}
    assert asked == [True, False]


class RefusingCursor:
    """A server that knows no option but those of its first versions."""

    def __init__(self, known):
        self.connection = SimpleNamespace(info=SimpleNamespace(server_version=BINARY_VERSION))
        self.options, self._known = [], known

    def start_replication(self, *, options, **_):
        self.options.append(set(options))
        if unknown := set(options) - self._known:
            raise psycopg2.ProgrammingError(f"unrecognized pgoutput option: {unknown}")


def test_a_server_that_refuses_binary_forms_is_asked_for_text():
    cursor = RefusingCursor({"proto_version", "publication_names"})
    assert start(cursor, "s", publication="p", lsn=0, binary=True) is False
    assert [("binary" in options) for options in cursor.options] == [True, False]


def test_a_server_that_refuses_both_is_named():
    with pytest.raises(SourceUnreachableError, match="refuses to stream slot 's'"):
        start(RefusingCursor(set()), "s", publication="p", lsn=0, binary=True)
