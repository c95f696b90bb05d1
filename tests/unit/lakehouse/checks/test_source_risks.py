"""Findings of the source that a test server can't be put into."""

import pytest

from lakehouse.checks.source.catalogue import Catalogue, LiveTable
from lakehouse.checks.source.table_risks import server_risks, table_risks


def catalogue(wal_level: str) -> Catalogue:
    return Catalogue(wal_level, "UTC", True, {}, ())


@pytest.mark.parametrize(("level", "codes"), [("replica", ["wal_level"]), ("logical", [])])
def test_a_server_without_logical_wal_is_found(level, codes):
    assert [f.code for f in server_risks(catalogue(level), "lakehouse")] == codes


def test_a_foreign_table_is_found_and_not_asked_for_a_key():
    table = LiveTable("public", "core_far", "f", "p", False, "n", False, (), (), ())
    findings = table_risks(table, None, catalogue("logical"), "lakehouse")
    assert [f.code for f in findings] == ["no_contract", "not_a_table"]
