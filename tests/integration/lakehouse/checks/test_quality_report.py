"""The report finds each kind of violation in Silver, and nothing in clean data."""

import socket
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from contracts import Contract
from lakehouse.checks.quality import QualityReport, TableQuality, build_report
from lakehouse.homes.embedded.silver_relations import DUCKDB_TYPES, SCHEMA
from spark_bronze_to_silver.schemas import silver_columns

pytestmark = pytest.mark.slow  # Great Expectations takes seconds to load

CLEAN_ROWS = 6
TOMBSTONE = 6  # number of the row that is deleted


def clean_value(contract: Contract, name: str, silver_type: str) -> str:
    """SQL of a value that no rule refuses, in row number i."""
    column = next((c for c in contract.columns if c.name == name), None)
    fixed = {
        "is_deleted": f"i = {TOMBSTONE}",
        "source_op": f"case when i = {TOMBSTONE} then 'D' else 'I' end",
        "source_seq": "lpad(i::varchar, 35, '0')",
        "source_order": "lpad(i::varchar, 35, '0')",
        "tenant_id": "'t' || (i % 2)",
    }
    if name in fixed:
        return fixed[name]
    if column and column.is_personal:
        return f"case when i = {TOMBSTONE} then null else 'someone' end"
    if column and column.accepted_values:
        return f"'{column.accepted_values[-1]}'"
    by_type = {
        "string": "'v' || i",
        "int": "i",
        "boolean": "true",
        "date": "date '2026-01-31'",
        "timestamp": "timestamptz '2026-01-31 10:00:00+00'",
        "array<string>": "[]",
    }
    return by_type.get(silver_type, "i")


def fill(connection: duckdb.DuckDBPyConnection, contract: Contract, *, rows: int = CLEAN_ROWS):
    columns = ", ".join(
        f'cast({clean_value(contract, name, kind)} as {DUCKDB_TYPES.get(kind, kind)}) as "{name}"'
        for name, kind in silver_columns(contract).items()
    )
    connection.execute(f"create schema if not exists {SCHEMA}")
    table = f'{SCHEMA}."{contract.name}"'
    source = f"range(1, {rows + 1}) numbers(i)"
    connection.execute(f"create table {table} as select {columns} from {source}")


@pytest.fixture
def silver() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def change(silver: duckdb.DuckDBPyConnection, contract: Contract, *changes: str) -> None:
    """A clean table after some changes; they call it TABLE."""
    fill(silver, contract)
    for statement in changes:
        silver.execute(statement.replace("TABLE", f'{SCHEMA}."{contract.name}"'))


def check(silver: duckdb.DuckDBPyConnection, contract: Contract, *changes: str) -> TableQuality:
    """The figures of one clean table after some changes; makes no pages, which is faster."""
    from lakehouse.checks.quality.data_docs import DataDocs
    from lakehouse.checks.quality.validate import quiet, validate

    change(silver, contract, *changes)
    with quiet():
        return validate(DataDocs(Path("unused")).context, silver, contract)[0]


def found(quality: TableQuality) -> tuple[int, int, int]:
    """(critical, warning, invalid rows)."""
    return quality.failed_critical, quality.failed_warning, quality.rows - quality.valid_rows


def table_page(report: QualityReport, table: str) -> str:
    (page,) = (report.index.parent / "validations" / table).rglob("*.html")
    return page.read_text(encoding="utf-8")


def test_clean_tables_pass_with_every_row_valid(silver, contracts, tmp_path, capfd):
    for contract in contracts.values():
        fill(silver, contract)
    seen = []
    report = build_report(silver, contracts.values(), tmp_path / "dq", on_table=seen.append)
    assert seen == [t.table for t in report.tables] == list(contracts)
    assert (report.passed, report.failed, report.failed_critical) == (True, 0, 0)
    assert report.valid_share == 1.0
    assert report.rows == CLEAN_ROWS * len(contracts)
    assert report.expectations == sum(t.expectations for t in report.tables) > 100
    assert capfd.readouterr() == ("", "")


def test_empty_tables_pass(silver, contracts, tmp_path):
    chosen = [contracts["tenant"], contracts["order"]]
    for contract in chosen:
        fill(silver, contract, rows=0)
    report = build_report(silver, chosen, tmp_path)
    assert (report.passed, report.rows, report.valid_share) == (True, 0, 1.0)
    assert report.tables[0].valid_share == 1.0


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update TABLE set id = null where id = 'v1'", (1, 0, 1)),
        ("update TABLE set tenant_id = null where id = 'v1'", (1, 0, 1)),
        ("update TABLE set id = 'v1' where id = 'v3'", (1, 0, 2)),
        ("update TABLE set customer_id = null where id = 'v1'", (1, 0, 1)),
        ("update TABLE set created_at = null where id in ('v1', 'v2')", (1, 0, 2)),
        ("update TABLE set order_number = 'same' where id in ('v1', 'v2', 'v3')", (1, 0, 3)),
        ("update TABLE set status = 'lost' where id = 'v1'", (0, 1, 1)),
        ("update TABLE set total = -0.01 where id = 'v1'", (0, 1, 1)),
        ("update TABLE set order_number = repeat('x', 65) where id = 'v1'", (0, 1, 1)),
        ("update TABLE set source_seq = repeat('1', 34) where id = 'v1'", (1, 0, 1)),
        ("update TABLE set source_seq = repeat('x', 35) where id = 'v1'", (1, 0, 1)),
        ("update TABLE set source_op = 'X' where id = 'v1'", (1, 0, 1)),
        ("alter table TABLE add column surprise integer", (1, 0, 0)),
        ("alter table TABLE drop column source_total", (1, 0, 0)),
    ],
)
def test_each_kind_of_violation_is_found(silver, contracts, statement, expected):
    assert found(check(silver, contracts["order"], statement)) == expected


def test_a_value_at_its_bound_is_valid(silver, contracts):
    changes = (
        "update TABLE set total = 0",
        "update TABLE set order_number = repeat('x', 64) where id = 'v1'",
    )
    assert found(check(silver, contracts["order"], *changes)) == (0, 0, 0)


def test_a_row_that_breaks_two_rules_is_one_invalid_row(silver, contracts):
    statement = "update TABLE set total = -1, status = 'lost' where id = 'v1'"
    quality = check(silver, contracts["order"], statement)
    assert found(quality) == (0, 2, 1)
    assert quality.valid_share == pytest.approx(5 / 6)


def test_the_values_of_a_tombstone_are_not_checked(silver, contracts):
    statement = (
        "update TABLE set status = null, total = -1, customer_id = null, order_number = 'v1' "
        "where is_deleted"
    )
    assert found(check(silver, contracts["order"], statement)) == (0, 0, 0)


def test_the_key_and_order_of_a_tombstone_are_checked(silver, contracts):
    statement = "update TABLE set source_seq = '1' where is_deleted"
    assert found(check(silver, contracts["order"], statement)) == (1, 0, 1)


def test_a_row_that_does_not_say_whether_it_is_deleted_is_critical(silver, contracts):
    statement = "update TABLE set is_deleted = null where id = 'v1'"
    assert found(check(silver, contracts["order"], statement)) == (1, 0, 1)


def test_columns_of_hudi_are_not_unexpected(silver, contracts):
    statement = "alter table TABLE add column _hoodie_commit_time varchar"
    assert found(check(silver, contracts["order"], statement)) == (0, 0, 0)


def test_a_page_names_the_broken_rows_by_their_key(silver, contracts, tmp_path):
    fill(silver, contracts["order"])
    silver.execute(f"""update {SCHEMA}."order" set status = 'lost', total = null where id = 'v3'""")
    silver.execute(f"""update {SCHEMA}."order" set id = 'v1', tenant_id = 't1' where id = 'v2'""")
    report = build_report(silver, [contracts["order"]], tmp_path)
    page = table_page(report, "order")
    assert "lost" in page
    assert "v3" in page
    assert "t1, v1" in page
    assert "Traceback" not in page


def test_no_personal_value_reaches_a_page(silver, contracts, tmp_path):
    fill(silver, contracts["customer"])
    silver.execute(f"update {SCHEMA}.customer set email = repeat('secret', 50) where id = 'v1'")
    report = build_report(silver, [contracts["customer"]], tmp_path)
    assert report.failed == 1
    assert "*" * 300 in table_page(report, "customer")
    assert not any("secret" in p.read_text("utf-8") for p in tmp_path.rglob("*.html"))


def test_the_pages_load_nothing_from_elsewhere_and_link_to_pages(silver, contracts, tmp_path):
    change(silver, contracts["event"], "update TABLE set event_type = 'lost'")
    build_report(silver, [contracts["event"]], tmp_path)
    pages = {page: page.read_text("utf-8") for page in tmp_path.rglob("*.html")}
    assert len(pages) == 3
    for page, text in pages.items():
        assert "http" not in text
        links = [part.split('"')[0] for part in text.split('href="')[1:]]
        files = [link for link in links if not link.startswith("#")]
        assert files
        assert all((page.parent / link).resolve().is_file() for link in files)


def test_another_run_replaces_the_pages_and_leaves_other_files(silver, contracts, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    contract = contracts["event"]
    change(silver, contract, "update TABLE set event_type = 'lost'")
    assert "lost" in table_page(build_report(silver, [contract], tmp_path), "event")
    silver.execute(f"update {SCHEMA}.event set event_type = 'click'")
    report = build_report(silver, [contract], tmp_path)
    assert report.passed
    assert "lost" not in table_page(report, "event")
    assert "passed" in report.index.read_text("utf-8")
    assert other.read_text() == "mine"


def test_the_report_opens_no_connection(silver, contracts, tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("the report must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    fill(silver, contracts["tenant"])
    assert build_report(silver, [contracts["tenant"]], tmp_path).passed
