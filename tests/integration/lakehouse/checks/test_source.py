"""The check of the source: clean as it is, and each risky table or column is found."""

from contextlib import closing

import psycopg2
import pytest
from typer.testing import CliRunner

from lakehouse.checks.source import Severity, check_source
from lakehouse.checks.source.check import accepted
from lakehouse.cli import app, commands

pytestmark = pytest.mark.postgres

SCRATCH = """
create table core_scratch (id uuid primary key, tenant_id uuid not null);
alter table core_scratch replica identity full;
alter publication lakehouse add table core_scratch;
create trigger keys before update on core_scratch for each row
when ((old.id, old.tenant_id) is distinct from (new.id, new.tenant_id))
execute function core_refuse_key_change();
"""


def run(dsn: str, sql: str) -> None:
    with closing(psycopg2.connect(dsn)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in sql.split(";\n"):
                if statement.strip():
                    cursor.execute(statement)


def found(dsn, contracts, **options) -> set[tuple[str, str]]:
    """(code, column) of what is found in the scratch table, beside its missing contract."""
    return {
        (f.code, f.column)
        for f in check_source(dsn, contracts, **options)
        if f.table == "core_scratch" and f.code != "no_contract"
    }


def test_the_source_as_it_is_has_only_accepted_findings(shop, contracts):
    findings = check_source(shop, contracts)
    assert [f for f in findings if not f.is_accepted] == []
    assert {(f.code, f.table, f.column) for f in findings} == set(accepted())


def test_a_plain_table_lacks_only_its_contract(shop, contracts):
    run(shop, SCRATCH)
    assert found(shop, contracts) == set()
    missing = [f for f in check_source(shop, contracts) if not f.is_accepted]
    assert [(f.code, f.severity, f.place) for f in missing] == [
        ("no_contract", Severity.LOSS, "core_scratch")
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("alter table core_scratch replica identity default", "replica_identity"),
        ("alter table core_scratch replica identity nothing", "replica_identity"),
        (
            "alter table core_scratch replica identity using index core_scratch_pkey",
            "replica_identity",
        ),
        ("alter table core_scratch drop constraint core_scratch_pkey", "no_primary_key"),
        ("alter publication lakehouse drop table core_scratch", "not_published"),
        (
            "alter publication lakehouse drop table core_scratch;\n"
            "alter table core_scratch set unlogged",
            "unlogged",
        ),
        ("drop trigger keys on core_scratch", "key_may_change"),
        ("alter table core_scratch disable trigger keys", "key_may_change"),
        ("alter table core_scratch enable row level security", "row_security"),
        (
            "alter publication lakehouse drop table core_scratch;\n"
            "alter publication lakehouse add table core_scratch (id)",
            "published_in_part",
        ),
        (
            "alter publication lakehouse drop table core_scratch;\n"
            "alter publication lakehouse add table core_scratch where (id is not null)",
            "published_in_part",
        ),
    ],
)
def test_a_risky_table_is_found(shop, contracts, change, code):
    run(shop, f"{SCRATCH};\n{change}")
    codes = {code for code, _ in found(shop, contracts)}
    assert code in codes
    assert codes <= {code, "not_published"}


def test_partitions_and_views_are_found(shop, contracts):
    run(
        shop,
        "create table core_parts (id uuid primary key) partition by hash (id);\n"
        "create table core_part_0 partition of core_parts "
        "for values with (modulus 1, remainder 0);\n"
        "create view core_seen as select * from core_tenant;\n"
        "create materialized view core_kept as select * from core_tenant",
    )
    findings = {(f.table, f.code) for f in check_source(shop, contracts)}
    assert {("core_parts", "partitioned"), ("core_part_0", "partitioned")} <= findings
    assert {("core_seen", "not_a_table"), ("core_kept", "not_a_table")} <= findings


RISKY = {
    "text": ("lob", "risk"),
    "jsonb": ("lob", "risk"),
    "character varying": ("lob", "risk"),
    "bytea": ("lob", "risk"),
    "integer[]": ("lob", "risk"),
    "numeric": ("numeric_without_scale", "loss"),
    "numeric(39,2)": ("numeric_too_wide", "loss"),
    "numeric(3,5)": ("numeric_scale", "loss"),
    "numeric(5,-2)": ("numeric_scale", "loss"),
    "interval": ("arrives_as_text", "risk"),
    "int4range": ("arrives_as_text", "risk"),
    "int4multirange": ("arrives_as_text", "risk"),
    "mood": ("arrives_as_text", "risk"),
    "timestamp": ("zone_unknown", "risk"),
    "timestamp(3)": ("zone_unknown", "risk"),
    "time": ("zone_unknown", "risk"),
    "time with time zone": ("zone_unknown", "risk"),
    "point": ("unknown_type", "loss"),
    "exact": ("numeric_without_scale", "loss"),
    "integer generated always as (length(tenant_id::text)) stored": ("generated", "loss"),
}
SOUND = [
    *("uuid", "boolean", "integer", "bigint", "smallint", "double precision", "date", "inet"),
    *("varchar(20)", "numeric(12,2)", "numeric(38,10)"),
    *("timestamp with time zone", "timestamp(3) with time zone"),
]


def test_risky_columns_are_found_and_sound_ones_are_not(shop, contracts):
    run(shop, f"{SCRATCH};\ncreate type mood as enum ('a');\ncreate domain exact as numeric")
    added = [f"add column c{n} {type_name}" for n, type_name in enumerate([*RISKY, *SOUND])]
    run(shop, f"alter table core_scratch {', '.join(added)}")
    findings = [f for f in check_source(shop, contracts) if f.table == "core_scratch" and f.column]
    assert {f.column: (f.code, f.severity) for f in findings} == {
        f"c{n}": expected for n, expected in enumerate(RISKY.values())
    }
    assert all(f.mend and not f.is_accepted for f in findings)


def test_a_value_above_the_limit_is_a_loss_even_where_the_column_is_accepted(shop, contracts):
    insert = "insert into core_tenant (id, name, slug, created_at, updated_at, is_active, settings)"
    values = f"gen_random_uuid(), 'a', 'a', now(), now(), true, '{{\"a\": \"{'é' * 100}\"}}'"
    run(shop, f"{insert} values ({values})")
    assert not [f for f in check_source(shop, contracts, lob_limit=250) if not f.is_accepted]
    (finding,) = [f for f in check_source(shop, contracts, lob_limit=200) if not f.is_accepted]
    assert (finding.code, finding.severity) == ("lob_too_long", Severity.LOSS)
    assert "209 bytes" in finding.found


def test_contract_and_table_that_differ_are_found(shop, contracts):
    run(
        shop,
        "alter table core_customer add column nickname varchar(10);\n"
        "alter table core_product drop column sku;\n"
        "alter table core_invoice alter column amount type numeric(14,2);\n"
        "drop table core_orderitem",
    )
    places = {(f.code, f.place) for f in check_source(shop, contracts) if not f.is_accepted}
    assert places == {
        ("not_in_contract", "core_customer.nickname"),
        ("missing_column", "core_product.sku"),
        ("type_differs", "core_invoice.amount"),
        ("missing_table", "core_orderitem"),
    }


def test_what_is_wrong_for_all_tables_is_found(shop, contracts):
    run(shop, "alter publication lakehouse set (publish = 'insert')")
    name = psycopg2.extensions.parse_dsn(shop)["dbname"]
    run(shop, f"alter database {name} set timezone = 'Europe/Berlin'")
    codes = {f.code for f in check_source(shop, contracts) if not f.is_accepted}
    assert codes == {"operations_left_out", "time_zone"}
    run(shop, "drop publication lakehouse")
    codes = {f.code for f in check_source(shop, contracts) if not f.is_accepted}
    assert codes == {"no_publication", "time_zone"}


def test_the_command_fails_only_when_data_would_be_lost(shop, monkeypatch):
    if not app.registered_commands:
        commands.register(app)
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()
    assert runner.invoke(app, ["doctor", "--source", "--dsn", shop]).exit_code == 0
    run(shop, "alter table core_order replica identity default")
    result = runner.invoke(app, ["doctor", "--source", "--dsn", shop])
    assert result.exit_code == 1
