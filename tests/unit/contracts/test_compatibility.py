"""Each change of a contract needs the version that its readers can rely on."""

from dataclasses import replace

import pytest

from contracts import Column, ContractError, DerivedColumn
from contracts.compatibility import (
    Level,
    changes_between,
    is_widened,
    shape_of,
    version_allows,
    version_parts,
)
from lakehouse.generate.contract_versions import contract_versions

NEW = Column("note", "text", "string", "string", False, False, "internal", "A note.")


def with_column(contract, name, **given):
    columns = tuple(replace(c, **given) if c.name == name else c for c in contract.columns)
    return replace(contract, columns=columns)


def without(contract, name):
    return replace(contract, columns=tuple(c for c in contract.columns if c.name != name))


def added(contract, *columns):
    return replace(contract, columns=(*contract.columns, *columns))


CHANGES = [
    (lambda c: c, Level.NONE),
    (lambda c: replace(c, description="other", grain="other"), Level.NONE),
    (lambda c: with_column(c, "status", description="other"), Level.NONE),
    (lambda c: replace(c, quarantine_limit=0.5), Level.PATCH),
    (lambda c: added(c, NEW), Level.MINOR),
    (lambda c: replace(c, derived=(*c.derived, DerivedColumn("d", "int", ""))), Level.MINOR),
    (lambda c: with_column(c, "status", accepted_values=("pending",)), Level.MINOR),
    (lambda c: with_column(c, "total", bronze_type="decimal(14,2)"), Level.MINOR),
    (lambda c: with_column(c, "status", classification="public"), Level.MINOR),
    (lambda c: without(c, "status"), Level.MAJOR),
    (lambda c: replace(c, derived=c.derived[1:]), Level.MAJOR),
    (lambda c: added(c, replace(NEW, required=True)), Level.MAJOR),
    (lambda c: with_column(c, "status", required=False), Level.MAJOR),
    (lambda c: with_column(c, "total", silver_type="decimal(18,1)"), Level.MAJOR),
    (lambda c: with_column(c, "total", bronze_type="decimal(10,2)"), Level.MAJOR),
    (lambda c: with_column(c, "status", classification="personal"), Level.MAJOR),
    (lambda c: with_column(c, "customer_id", references=None), Level.MAJOR),
    (lambda c: with_column(c, "order_number", unique=False), Level.MAJOR),
    (lambda c: replace(c, columns=c.columns[::-1]), Level.MAJOR),
    (lambda c: replace(c, source_table="core_purchase"), Level.MAJOR),
    (lambda c: replace(c, history=False), Level.MAJOR),
    (lambda c: replace(c, retention_years=1), Level.MAJOR),
]


@pytest.mark.parametrize(("change", "level"), CHANGES)
def test_a_change_is_refused_below_its_version_and_taken_at_it(contracts, tmp_path, change, level):
    old = contracts["order"]
    known = tmp_path / "versions.json"
    known.write_text(contract_versions([old], known))
    new = change(old)
    found = changes_between(shape_of(old), shape_of(new))
    assert max((c.level for c in found), default=Level.NONE) == level
    steps = {"1.0.0": 0, "1.0.1": 1, "1.1.0": 2, "2.0.0": 3}
    for version, step in steps.items():
        if step >= level:
            contract_versions([replace(new, version=version)], known)
        else:
            with pytest.raises(ContractError, match=rf"order.odcs.yaml.*new {level.name.lower()}"):
                contract_versions([replace(new, version=version)], known)


def test_the_reason_names_the_column_and_what_to_do(contracts, tmp_path):
    known = tmp_path / "versions.json"
    known.write_text(contract_versions(contracts.values(), known))
    changed = {**contracts, "order": without(contracts["order"], "status")}
    with pytest.raises(ContractError, match="column 'status' is gone: keep it"):
        contract_versions(changed.values(), known)
    with pytest.raises(ContractError, match=r"lower than 1\.0\.0"):
        contract_versions([replace(contracts["order"], version="0.9.9")], known)


@pytest.mark.parametrize(
    ("old", "new", "widened"),
    [
        ("int32", "int64", True),
        ("int", "bigint", True),
        ("int64", "int32", False),
        ("decimal(12,2)", "decimal(14,2)", True),
        ("decimal(12,2)", "decimal(14,4)", True),
        ("decimal(12,2)", "decimal(12,4)", False),
        ("decimal(12,2)", "decimal(12,2)", False),
        ("int32", "string", False),
    ],
)
def test_a_wider_type_holds_every_value(old, new, widened):
    assert is_widened(old, new) is widened


def test_versions_are_numbers():
    assert version_parts("1.20.3") > version_parts("1.3.20")
    assert version_allows("1.9.0", "1.10.0", Level.MINOR)
    assert not version_allows("1.9.0", "1.9.1", Level.MINOR)
    with pytest.raises(ValueError, match="form"):
        version_parts("v1")
