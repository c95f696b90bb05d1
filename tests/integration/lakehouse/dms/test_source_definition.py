"""What happens when the source's tables and the contracts do not agree."""

import dataclasses

import pytest

from lakehouse.dms.errors import SourceColumnsError, TaskStateError, UntypableValueError

pytestmark = pytest.mark.postgres


def without(contract, name):
    columns = tuple(c for c in contract.columns if c.name != name)
    return dataclasses.replace(contract, columns=columns)


def test_a_column_that_the_source_does_not_have_is_named(source, task, landed):
    source.execute("alter table core_tenant drop column domain")
    with pytest.raises(SourceColumnsError, match="core_tenant.domain does not exist"):
        task.full_load()
    assert landed.files() == [] and not task.is_started()


def test_a_column_of_another_type_is_named(source, task):
    source.execute("alter table core_product alter column price type numeric(14,2)")
    with pytest.raises(SourceColumnsError, match=r"price is numeric\(14,2\).*numeric\(12,2\)"):
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
