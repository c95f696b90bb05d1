"""Tables that change while they are replicated: nothing is lost, and a stop says how to go on."""

import dataclasses

import psycopg2
import pytest

from lakehouse.dms.errors import SourceColumnsError, TaskStateError, UntypableValueError
from tests.integration.lakehouse.dms.conftest import TENANT

pytestmark = pytest.mark.postgres


def changed(contracts, old, **changes):
    """The contracts with another column in the place of tenant.<old>; no changes: without it."""
    columns = [
        dataclasses.replace(c, **changes) if c.name == old else c
        for c in contracts["tenant"].columns
        if changes or c.name != old
    ]
    return {**contracts, "tenant": dataclasses.replace(contracts["tenant"], columns=tuple(columns))}


def update(value, column="domain"):
    return (f'update core_tenant set "{column}" = %s', (value,))


def changes_of(landed, column="domain"):
    rows = [r for r in landed.rows() if r["dms_change_seq"]]
    return [r.get(column) for r in sorted(rows, key=lambda r: r["dms_change_seq"])]


@pytest.fixture
def started(source, task):
    source.execute(source.tenant())
    task.full_load()
    source.execute(update("first"))
    return task


def test_an_added_column_is_left_out_with_a_warning_until_the_contract_lists_it(
    source, started, landed, new_task, contracts
):
    source.execute("alter table core_tenant add column note text", update("second"))
    report = started.catch_up()
    assert changes_of(landed) == ["first", "second"]
    assert "core_tenant.note is not in its contract and is not replicated" in report.warnings

    listed = contracts["tenant"].column("domain")
    note = dataclasses.replace(listed, name="note", source_type="text")
    tenant = contracts["tenant"]
    wide = {**contracts, "tenant": dataclasses.replace(tenant, columns=(*tenant.columns, note))}
    source.execute(update("third"), update("a note", "note"))
    new_task(contracts=wide).catch_up()
    assert changes_of(landed, "note") == [None, None, None, "a note"]


def test_a_dropped_column_stops_the_task_and_a_mended_contract_goes_on(
    source, started, landed, new_task, contracts
):
    source.execute("alter table core_tenant drop column domain", update("Two", "name"))
    with pytest.raises(SourceColumnsError, match="core_tenant.domain does not exist.*nothing is"):
        started.catch_up()
    assert changes_of(landed) == []

    new_task(contracts=changed(contracts, "domain")).catch_up()
    assert changes_of(landed, "name") == ["One", "Two"]


def test_a_dropped_column_that_comes_back_is_null_in_the_changes_without_it(
    source, started, landed, new_task
):
    source.execute("alter table core_tenant drop column domain", update("Two", "name"))
    with pytest.raises(SourceColumnsError):
        started.catch_up()
    source.execute("alter table core_tenant add column domain varchar(255)", update("again"))
    new_task().catch_up()
    assert changes_of(landed) == ["first", None, "again"]


@pytest.mark.parametrize("mend", ["source", "contract"])
def test_a_renamed_column_stops_the_task_and_no_value_is_lost_after_either_mend(
    source, started, landed, new_task, contracts, mend
):
    rename = "alter table core_tenant rename column {} to {}"
    source.execute(rename.format("domain", "host"), update("second", "host"))
    with pytest.raises(SourceColumnsError, match="core_tenant.domain does not exist"):
        started.catch_up()
    if mend == "source":
        source.execute(rename.format("host", "domain"))
        report, column = new_task().catch_up(), "domain"
    else:
        listed = changed(contracts, "domain", name="host")
        report, column = new_task(contracts=listed).catch_up(), "host"
    assert changes_of(landed, column) == ["first", "second"]
    assert any("is called" in warning for warning in report.warnings)


def test_a_rename_among_dropped_columns_is_not_guessed(
    source, started, landed, new_task, contracts
):
    source.execute(
        "alter table core_tenant drop column slug",
        "alter table core_tenant rename column domain to host",
        update("second", "host"),
    )
    mended = changed(changed(contracts, "domain", name="host"), "slug")
    with pytest.raises(SourceColumnsError, match="whether that one was renamed cannot be told"):
        new_task(contracts=mended).catch_up()
    assert changes_of(landed) == []


@pytest.mark.parametrize(
    ("column", "listed", "wider", "fits", "too_large"),
    [
        ("domain", "character varying(255)", "varchar(500)", "x" * 400, None),
        ("amount", "numeric(6,2)", "numeric(9,2)", "1234.56", "1234567.89"),
        ("amount", "integer", "bigint", "2000000000", "3000000000"),
    ],
)
def test_a_widened_column_is_read_on_as_long_as_its_values_fit(
    source, new_task, landed, contracts, column, listed, wider, fits, too_large
):
    with_amount = contracts
    if column == "amount":
        source.execute(f"alter table core_tenant add column amount {listed}")
        bronze = {"integer": "int32"}.get(listed, listed.replace("numeric", "decimal"))
        new = dataclasses.replace(
            contracts["tenant"].column("domain"),
            name=column,
            source_type=listed,
            bronze_type=bronze,
        )
        columns = (*contracts["tenant"].columns, new)
        with_amount = {
            **contracts,
            "tenant": dataclasses.replace(contracts["tenant"], columns=columns),
        }
    task = new_task(contracts=with_amount)
    source.execute(source.tenant())
    task.full_load()
    source.execute(f"alter table core_tenant alter column {column} type {wider}")
    source.execute(update(fits, column))
    report = task.catch_up()
    assert [str(v) for v in changes_of(landed, column)] == [fits]
    assert any(f"core_tenant.{column} is" in w and "as long as" in w for w in report.warnings)
    if too_large:
        source.execute(update(too_large, column))
        with pytest.raises(UntypableValueError, match=f"core_tenant.{column}"):
            task.catch_up()
        assert len(changes_of(landed, column)) == 1


def test_a_narrowed_column_stops_the_task(source, started):
    source.execute("alter table core_tenant alter column domain type varchar(20)")
    with pytest.raises(SourceColumnsError, match=r"domain is character varying\(20\)"):
        started.catch_up()


def test_a_publication_that_leaves_out_a_column_is_refused(source, started):
    source.execute(
        "alter publication lakehouse drop table core_tenant",
        "alter publication lakehouse add table core_tenant (id, name)",
    )
    with pytest.raises(TaskStateError, match="leaves out public.core_tenant.slug, domain"):
        started.catch_up()


def test_a_publication_with_a_row_filter_is_refused(source, started):
    source.execute(
        "alter publication lakehouse drop table core_tenant",
        "alter publication lakehouse add table core_tenant where (is_active)",
    )
    with pytest.raises(TaskStateError, match="sends only the rows of public.core_tenant with"):
        started.catch_up()


def test_the_source_refuses_to_change_a_key(source, started):
    with pytest.raises(psycopg2.IntegrityError, match="never change"):
        source.execute("update core_tenant set id = gen_random_uuid()")


def test_a_key_that_changes_all_the_same_is_ignored_as_dms_does(source, started, landed):
    source.execute(
        "alter table core_tenant disable trigger all",
        f"update core_tenant set id = '{TENANT[:-1]}9', domain = 'moved'",
        update("after"),
    )
    report = started.catch_up()
    assert changes_of(landed) == ["first", "after"]
    assert any("1 updates of the key were ignored" in w for w in report.warnings)


@pytest.mark.parametrize("identity", ["default", "using index core_tenant_name_key"])
def test_a_key_only_delete_is_written_as_dms_does_when_the_task_allows_it(
    source, new_task, landed, identity
):
    task = new_task(needs_full_identity=False)
    large = {"text": "".join(chr(33 + n % 90) * 7 + str(n) for n in range(3000))}
    source.execute(source.tenant(settings=large))
    source.execute("alter table core_tenant alter column settings set storage external")
    task.full_load()
    source.execute(f"alter table core_tenant replica identity {identity}")
    source.execute(update("kept"), "delete from core_tenant")
    report = task.catch_up()

    kept, deleted = sorted(
        (r for r in landed.rows() if r["dms_change_seq"]), key=lambda r: r["dms_change_seq"]
    )
    assert (kept["Op"], kept["domain"], kept["name"]) == ("U", "kept", "One")
    assert kept["settings"] is None
    assert deleted["Op"] == "D"
    filled = {name for name, value in deleted.items() if value is not None}
    key = {"id"} if identity == "default" else {"name"}
    assert filled == {"Op", "dms_committed_at", "dms_change_seq"} | key
    assert any("replica identity is not full" in w for w in report.warnings)
