"""What happens when the source's tables and the contracts do not agree."""

import dataclasses
import threading
import time

import pytest

from lakehouse.dms.errors import SourceColumnsError, TaskStateError, UntypableValueError
from lakehouse.dms.settings import DmsSettings
from tests.integration.lakehouse.dms.conftest import TENANT

pytestmark = pytest.mark.postgres


def limited_to(kilobytes, *, cut=False):
    """The project's settings with another LobMaxSize; cut says not to fail."""
    given = DmsSettings.read()
    lobs = given.task.target_metadata.model_copy(update={"lob_max_size": kilobytes})
    return dataclasses.replace(
        given,
        task=given.task.model_copy(update={"target_metadata": lobs}),
        source=given.source.model_copy(update={"fail_tasks_on_lob_truncation": not cut}),
    )


def without(contract, name):
    columns = tuple(c for c in contract.columns if c.name != name)
    return dataclasses.replace(contract, columns=columns)


def test_a_column_that_the_source_does_not_have_is_named(source, task, landed):
    source.execute("alter table core_tenant drop column domain")
    with pytest.raises(SourceColumnsError, match="core_tenant.domain does not exist"):
        task.full_load()
    assert landed.files() == [] and not task.is_started()


def test_a_column_of_another_type_is_named(source, task):
    source.execute("alter table core_product alter column price type numeric(14,3)")
    with pytest.raises(SourceColumnsError, match=r"price is numeric\(14,3\).*numeric\(12,2\)"):
        task.full_load()


def test_a_column_without_contract_is_left_out_with_a_warning(source, new_task, landed, contracts):
    source.execute(source.tenant())
    narrow = {**contracts, "tenant": without(contracts["tenant"], "domain")}
    report = new_task(contracts=narrow).full_load()
    assert report.warnings == ("core_tenant.domain is not in its contract and is not replicated",)
    assert "domain" not in landed.rows()[0]


def test_a_column_that_is_dropped_between_runs_stops_the_task(source, task):
    task.full_load()
    source.execute("alter table core_tenant drop column domain")
    with pytest.raises(SourceColumnsError, match="core_tenant.domain"):
        task.catch_up()


def test_a_truncate_leaves_bronze_alone_and_is_reported(source, task, landed):
    source.execute(source.tenant())
    task.full_load()
    source.execute("truncate core_tenant cascade")
    report = task.catch_up()
    assert any("core_tenant was truncated" in w for w in report.warnings)
    assert len(landed.rows()) == 1


def test_a_value_that_no_bronze_type_holds_is_named(source, task):
    source.execute(source.tenant(), "update core_tenant set created_at = 'infinity'")
    with pytest.raises(UntypableValueError, match="core_tenant.created_at"):
        task.full_load()
    assert not task.is_started()


def test_a_source_without_publication_says_what_to_run(source, task):
    source.execute("drop publication lakehouse")
    with pytest.raises(TaskStateError, match=r"manage.py migrate"):
        task.full_load()


def test_changes_from_before_a_column_was_added_have_null_in_it(
    source, new_task, landed, contracts
):
    new_task(contracts={**contracts, "tenant": without(contracts["tenant"], "domain")}).full_load()
    source.execute("alter table core_tenant drop column domain")
    source.execute(
        "insert into core_tenant (id, name, slug, created_at, updated_at, is_active, settings) "
        "values (gen_random_uuid(), 'Before', 'before', now(), now(), true, '{}')"
    )
    source.execute("alter table core_tenant add column domain varchar(255)")
    source.execute("update core_tenant set domain = 'after.example'")

    report = new_task().catch_up()

    rows = sorted(landed.rows(), key=lambda r: r["dms_change_seq"])
    assert [r["domain"] for r in rows] == [None, "after.example"]
    assert any("core_tenant.domain is null in changes" in w for w in report.warnings)


def test_a_table_that_is_not_published_is_refused(source, task):
    source.execute("alter publication lakehouse drop table core_event")
    with pytest.raises(TaskStateError, match="alter publication lakehouse add table public.core_e"):
        task.full_load()


def test_a_publication_without_deletes_is_refused(source, task):
    source.execute("alter publication lakehouse set (publish = 'insert, update')")
    with pytest.raises(TaskStateError, match="leaves out"):
        task.full_load()


def test_a_table_without_complete_old_rows_is_refused(source, task):
    task.full_load()
    source.execute("alter table core_order replica identity default")
    with pytest.raises(TaskStateError, match="alter table public.core_order replica identity full"):
        task.catch_up()


def test_a_row_larger_than_a_block_is_loaded(source, new_task, landed):
    task = new_task(settings=limited_to(102_400))
    large = {"text": "x" * 9_000_000}
    source.execute(
        source.tenant(),
        source.tenant(TENANT[:-1] + "2", "Two", large),
        source.tenant(TENANT[:-1] + "3", "Three"),
    )
    task.full_load()
    assert sorted(len(r["settings"]) for r in landed.rows()) == [2, 2, 9_000_012]


@pytest.mark.parametrize("route", ["full load", "changes"])
def test_a_large_object_above_its_limit_stops_the_task_or_is_cut(source, new_task, landed, route):
    strict, lax = new_task(settings=limited_to(1)), new_task(settings=limited_to(1, cut=True))
    if route == "changes":
        strict.full_load()
    source.execute(source.tenant(settings={"text": "x" + "€" * 500}))
    with pytest.raises(UntypableValueError, match="core_tenant.settings.*LobMaxSize = 1 KB"):
        strict.catch_up() if route == "changes" else strict.full_load()
    assert landed.files() == []

    report = lax.catch_up() if route == "changes" else lax.full_load()
    (row,) = landed.rows()
    assert row["settings"].startswith('{"text": "x€') and len(row["settings"].encode()) == 1_022
    assert report.warnings == ("core_tenant.settings: values were cut off at 1 KB (LobMaxSize)",)


@pytest.mark.slow
def test_a_column_retyped_while_the_task_runs_stops_it(source, task, landed):
    task.full_load()
    stop, failures = threading.Event(), []

    def run():
        try:
            task.run(stop, flush_seconds=0.1)
        except SourceColumnsError as error:
            failures.append(str(error))

    runner = threading.Thread(target=run)
    runner.start()
    try:
        source.execute(source.tenant())
        deadline = time.monotonic() + 15
        while not landed.rows() and time.monotonic() < deadline:
            time.sleep(0.05)
        source.execute("alter table core_tenant alter column domain type text")
        source.execute("update core_tenant set domain = 'x'")
        runner.join(timeout=15)
    finally:
        stop.set()
        runner.join(timeout=15)
    assert len(failures) == 1 and "core_tenant.domain is text" in failures[0]
