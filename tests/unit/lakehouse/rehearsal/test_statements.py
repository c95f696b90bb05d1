"""Every statement of Athena's that the endpoint has, and what Trino or the catalog gets of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.homes.rehearsal.athena.catalog import Catalog
from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError, NotEmulatedError
from lakehouse.homes.rehearsal.athena.translation import Context, translate
from lakehouse.homes.rehearsal.athena.translation.alter import ACTIONS
from lakehouse.homes.rehearsal.athena.translation.plan import Need
from lakehouse.homes.rehearsal.athena.translation.queries import SHARED
from lakehouse.homes.rehearsal.athena.translation.show import SHOWN
from lakehouse.homes.rehearsal.athena.translation.statements import STATEMENTS
from lakehouse.state import REPOSITORY

ICE = '"iceberg"."gold"."t"'
HIVE = '"awsdatacatalog"."gold"."t"'

# Athena's statement, its SubstatementType, what Trino runs.
TRANSLATED = [
    ("select 1", "SELECT", ["select 1"]),
    ("-- dbt's comment\n/* and one more */ select 'a;b' ;", "SELECT", ["select 'a;b'"]),
    ("with a as (select 1) select * from a", "SELECT", ["with a as (select 1) select * from a"]),
    ("(select 1) union all (select 2)", "SELECT", ["(select 1) union all (select 2)"]),
    ("values (1)", "SELECT", ["values (1)"]),
    ("insert into t select 1", "INSERT", ["insert into t select 1"]),
    ("delete from t where a = 1", "DELETE", ["delete from t where a = 1"]),
    ("update t set a = 1", "UPDATE", ["update t set a = 1"]),
    (
        "merge into t using s on t.a = s.a when matched then delete",
        "MERGE",
        ["merge into t using s on t.a = s.a when matched then delete"],
    ),
    ("explain select 1", "EXPLAIN", ["explain select 1"]),
    ("select 1 / 0.0, .5, -12.50", "SELECT", ["select 1 / 0.0E0, .5E0, -12.50E0"]),
    (
        "select 1.5e3, decimal '0.1', a.b, '0.5', 7, \"0.5\" -- 0.5",
        "SELECT",
        ["select 1.5e3, decimal '0.1', a.b, '0.5', 7, \"0.5\""],
    ),
    (
        "create schema if not exists `silver` location 's3://b/silver/'",
        "CREATE_DATABASE",
        [
            'create schema if not exists "awsdatacatalog"."silver" with (location = \'s3://b/silver/\')'
        ],
    ),
    (
        "drop database if exists other",
        "DROP_DATABASE",
        ['drop schema if exists "awsdatacatalog"."other"'],
    ),
    (
        'create table "awsdatacatalog"."gold"."n" with '
        "(table_type = 'iceberg', is_external = false, location = 's3://b/n', "
        "partitioning = ARRAY['bucket(id, 8)'], format = 'parquet', "
        "write_compression = 'zstd') as select 1 as id",
        "CREATE_TABLE_AS_SELECT",
        [
            'create table "iceberg"."gold"."n" with '
            "(format = 'PARQUET', location = 's3://b/n', "
            "partitioning = ARRAY['bucket(id, 8)']) as select 1 as id"
        ],
    ),
    (
        "create table n with (external_location = 's3://b/n/', partitioned_by = ARRAY['p']) "
        "as select 1 a, 2 p",
        "CREATE_TABLE_AS_SELECT",
        [
            'create table "awsdatacatalog"."gold"."n" with (format = \'PARQUET\', '
            "external_location = 's3://b/n/', partitioned_by = ARRAY['p']) as select 1 a, 2 p"
        ],
    ),
    (
        "create table n as select 1 a",
        "CREATE_TABLE_AS_SELECT",
        [
            'create table "awsdatacatalog"."gold"."n" with (format = \'PARQUET\', '
            "external_location = 's3://results/tables/id/') as select 1 a"
        ],
    ),
    (
        "create table n (id bigint, at timestamp comment 'it''s', s struct<a:int,b:array<string>>) "
        "partitioned by (day(at), bucket(4, id), truncate(id, 3)) location 's3://b/n/' "
        "tblproperties ('table_type' = 'ICEBERG', 'format' = 'orc')",
        "CREATE_TABLE",
        [
            'create table "iceberg"."gold"."n" ("id" bigint, '
            '"at" timestamp(6) comment \'it\'\'s\', "s" row("a" integer, "b" array(varchar))) with '
            "(format = 'ORC', location = 's3://b/n/', "
            "partitioning = ARRAY['day(at)', 'bucket(id, 4)', 'truncate(id, 3)'])"
        ],
    ),
    (
        "create or replace view v as select * from t",
        "CREATE_VIEW",
        [
            'create or replace view "awsdatacatalog"."gold"."v" '
            "security invoker as select * from t",
            'describe "awsdatacatalog"."gold"."v"',
        ],
    ),
    ("drop table if exists `gold`.`t`", "DROP_TABLE", [f"drop table if exists {HIVE}"]),
    ("drop view t", "DROP_VIEW", [f"drop view {HIVE}"]),
    (
        "alter table t rename to u",
        "ALTER_TABLE_RENAME",
        [f'alter table {ICE} rename to "iceberg"."gold"."u"'],
    ),
    (
        "alter table t add columns (a string, b decimal(10, 2))",
        "ALTER_TABLE_ADD_COLUMN",
        [
            f'alter table {ICE} add column "a" varchar',
            f'alter table {ICE} add column "b" decimal(10,2)',
        ],
    ),
    (
        "alter table t drop column a",
        "ALTER_TABLE_DROP_COLUMN",
        [f'alter table {ICE} drop column "a"'],
    ),
    (
        "alter table t change column id key bigint",
        "ALTER_TABLE_CHANGE_COLUMN",
        [
            f'alter table {ICE} rename column "id" to "key"',
            f'alter table {ICE} alter column "key" set data type bigint',
        ],
    ),
    (
        "msck repair table h",
        "MSCK_REPAIR",
        ["call awsdatacatalog.system.sync_partition_metadata('gold', 'h', 'ADD', false)"],
    ),
    (
        "optimize t rewrite data using bin_pack where a > 1",
        "OPTIMIZE",
        [f"alter table {ICE} execute optimize where a > 1"],
    ),
    (
        "vacuum t",
        "VACUUM",
        [
            f"alter table {ICE} execute expire_snapshots(retention_threshold => '5d')",
            f"alter table {ICE} execute remove_orphan_files(retention_threshold => '5d')",
        ],
    ),
    ("show create table t", "SHOW_CREATE_TABLE", [f"show create table {HIVE}"]),
    ("show create view t", "SHOW_CREATE_VIEW", [f"show create view {HIVE}"]),
]

# What the catalog answers or changes: statement, SubstatementType, rows of the answer.
ANSWERED = [
    ("show databases", "SHOW_DATABASES", [["gold"], ["other"]]),
    ("show schemas like 'g*'", "SHOW_DATABASES", [["gold"]]),
    ("show tables", "SHOW_TABLES", [["h"], ["t"], ["v"]]),
    ("show tables in gold 'h|v'", "SHOW_TABLES", [["h"], ["v"]]),
    ("show views", "SHOW_VIEWS", [["v"]]),
    ("show partitions h", "SHOW_PARTITIONS", [["p=1"]]),
    ("show columns in t", "SHOW_COLUMNS", [["id"]]),
    ("show columns from t in gold", "SHOW_COLUMNS", [["id"]]),
    ("show tblproperties t('table_type')", "SHOW_TABLE_PROPERTIES", [["table_type", "ICEBERG"]]),
    ("describe t", "DESCRIBE_TABLE", [["id", "int", ""]]),
    ("desc gold.h a", "DESCRIBE_TABLE", [["a", "string", "the first"]]),
]

# What the endpoint says that it has not.
NOT_EMULATED = [
    "unload (select 1) to 's3://b/x/' with (format = 'PARQUET')",
    "show functions",
    "show grants",
    "alter table t set serdeproperties ('a' = 'b')",
    "create external table e (a int) stored as avro location 's3://b/e/'",
    "create external table e (a int) clustered by (a) into 4 buckets location 's3://b/e/'",
    "describe extended t",
    "create function f() returns int using external function x",
    "grant select on t to x",
    "create table n with (unknown_property = 1) as select 1 a",
    "use gold",
    "call system.runtime.kill_query('x')",
]

MALFORMED = [
    "",
    "-- nothing",
    "select 1; select 2",
    "create table n with (format = 'PARQUET') select 1",
    "create table n (a int) location 's3://b/n/'",
    "create table n (a int) tblproperties ('table_type' = 'ICEBERG')",
    "drop table t u",
    "drop table a.b.c.d",
    "select 'open",
    "vacuum other_catalog.gold.t",
    "execute nobody_prepared_this",
]


@pytest.fixture
def catalog(monkeypatch):
    from moto.glue.models import glue_backends

    account = "111111111111"
    backend = glue_backends[account]["eu-central-1"]
    backend.databases.clear()
    for name in ("gold", "other"):
        backend.create_database(name, {"Name": name})
    catalog = Catalog(account, "eu-central-1")

    def table(name, **more):
        storage = {"Columns": [{"Name": "id", "Type": "int"}], "Location": f"s3://b/{name}/"}
        catalog.create("gold", {"Name": name, "StorageDescriptor": storage, **more})

    table("t", Parameters={"table_type": "ICEBERG"})
    table("v", TableType="VIRTUAL_VIEW")
    table("h", PartitionKeys=[{"Name": "p", "Type": "int"}])
    column = {"Name": "a", "Type": "string", "Comment": "the first"}
    catalog.change("gold", "h", lambda t: t["StorageDescriptor"].update(Columns=[column]))
    catalog.add_partition("gold", "h", {"p": "1"}, None)
    return catalog


def context(catalog, **changes):
    settings = {
        "database": "gold",
        "catalog": catalog,
        "query_id": "id",
        "output": "s3://results/",
        "enforced": False,
        "visible": lambda database, table: True,
    }
    return Context(**settings | changes)


@pytest.mark.parametrize(("athena", "substatement", "trino"), TRANSLATED)
def test_what_trino_runs(catalog, athena, substatement, trino):
    plan = translate(athena, context(catalog))
    assert (plan.substatement, list(plan.trino)) == (substatement, trino)


@pytest.mark.parametrize(("athena", "substatement", "rows"), ANSWERED)
def test_what_the_catalog_answers(catalog, athena, substatement, rows):
    plan = translate(athena, context(catalog))
    assert (plan.substatement, list(plan.trino)) == (substatement, [])
    assert [list(row) for row in plan.act([]).rows] == rows


@pytest.mark.parametrize("athena", NOT_EMULATED)
def test_what_is_not_emulated_says_so(catalog, athena):
    with pytest.raises(NotEmulatedError, match="not emulated: .*docs/REHEARSAL.md"):
        translate(athena, context(catalog))


@pytest.mark.parametrize("athena", MALFORMED)
def test_what_cannot_be_read_is_refused_before_it_runs(catalog, athena):
    with pytest.raises(InvalidRequestError):
        translate(athena, context(catalog))


def test_a_number_with_a_point_is_a_double_wherever_trino_reads_it(catalog):
    for athena, trino in (
        ("create view v as select 0.5 a", "as select 0.5E0 a"),
        ("create table n with (format = 'PARQUET') as select 0.5 a", "as select 0.5E0 a"),
        ("optimize ice rewrite data using bin_pack where a < 0.5", "where a < 0.5E0"),
        ("explain select 0.5", "explain select 0.5E0"),
    ):
        assert translate(athena, context(catalog)).trino[0].endswith(trino)
    asked = translate("select ? + 0.5", context(catalog), ["1.5"])
    assert asked.trino == ["execute immediate 'select ? + 0.5E0' using 1.5E0"]
    translate("alter table h add partition (p = 1.5)", context(catalog)).act([])
    assert {"p": "1.5"} in catalog.partitions("gold", "h")


def test_what_no_statement_begins_with_is_refused_as_athena_words_it(catalog):
    with pytest.raises(InvalidRequestError, match=r"line 2:3: mismatched input 'THIS'\. Expecting"):
        translate("\n  THIS IS NOT SQL", context(catalog))


def test_an_external_table_is_an_entry_of_the_catalog(catalog):
    plan = translate(
        "create external table if not exists `gold`.`e` (`a` string, b int comment 'x') "
        "partitioned by (`day` date) row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde' "
        "with serdeproperties ('separatorChar' = ',') stored as textfile location 's3://b/e/' "
        "tblproperties ('skip.header.line.count' = '1')",
        context(catalog),
    )
    assert plan.needs == [Need("CREATE_TABLE", "gold")]
    plan.act([])
    plan.act([])

    table = catalog.table("gold", "e")
    storage = table["StorageDescriptor"]
    assert storage["Columns"] == [
        {"Name": "a", "Type": "string"},
        {"Name": "b", "Type": "int", "Comment": "x"},
    ]
    assert table["PartitionKeys"] == [{"Name": "day", "Type": "date"}]
    assert storage["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
        "Parameters": {"separatorChar": ","},
    }
    assert table["Parameters"] == {"EXTERNAL": "TRUE", "skip.header.line.count": "1"}
    assert storage["Location"] == "s3://b/e/"


def test_properties_columns_and_partitions_change_in_the_catalog(catalog):
    for statement in (
        "alter table h set tblproperties ('a' = '1', 'b' = '2')",
        "alter table h unset tblproperties ('b')",
        "alter table h replace columns (x bigint)",
        "alter table h add if not exists partition (p = 1) partition (p = 2) location 's3://b/two/'",
        "alter table h drop if exists partition (p = 1), partition (p = 9)",
    ):
        plan = translate(statement, context(catalog))
        assert plan.needs == [Need("ALTER", "gold", "h")]
        plan.act([])
    table = catalog.table("gold", "h")
    assert table["Parameters"] == {"a": "1"}
    assert table["StorageDescriptor"]["Columns"] == [{"Name": "x", "Type": "bigint"}]
    assert catalog.partitions("gold", "h") == [{"p": "2"}]


def test_a_database_is_emptied_table_by_table(catalog):
    plan = translate("drop schema gold cascade", context(catalog))
    assert plan.trino == [
        'drop table "awsdatacatalog"."gold"."h"',
        'drop table "iceberg"."gold"."t"',
        'drop view "awsdatacatalog"."gold"."v"',
        'drop schema "awsdatacatalog"."gold"',
    ]


def test_an_enforced_workgroup_refuses_a_location_and_gives_its_own(catalog):
    enforced = context(catalog, enforced=True)
    with pytest.raises(InvalidRequestError, match="enforces a centralized output location"):
        translate("create table n with (external_location = 's3://b/n/') as select 1 a", enforced)
    plan = translate("create table n as select 1 a", enforced)
    assert plan.data_location == "s3://results/tables/id/"


def test_tables_that_are_not_granted_are_not_told_of(catalog):
    blind = context(catalog, visible=lambda database, table: table in ("", "h"))
    assert translate("show tables", blind).act([]).rows == [["h"]]
    with pytest.raises(Exception, match="TABLE_NOT_FOUND"):
        translate("describe t", blind).act([])


def test_a_prepared_statement_gets_its_parameters(catalog):
    kept = {}
    here = context(catalog, prepared=kept.get, prepare=kept.__setitem__)
    translate("prepare p from select * from t where id = ? and v = ?", here).act([])

    plan = translate("execute p using 1, 'it''s'", here)
    assert plan.trino == [
        "execute immediate 'select * from t where id = ? and v = ?' using 1, 'it''s'"
    ]
    assert translate("execute p", here, ["2", "'x'"]).trino == [
        "execute immediate 'select * from t where id = ? and v = ?' using 2, 'x'"
    ]


def test_a_parameter_is_one_literal(catalog):
    with pytest.raises(InvalidRequestError, match="not one literal"):
        translate("select ?", context(catalog), ["1, 2"])


@given(st.text(alphabet="ab '\"`;-/*()\n", max_size=30))
def test_a_query_arrives_as_it_was_written_or_not_at_all(text):
    here = context(None)
    try:
        plan = translate(f"select {text}", here)
    except InvalidRequestError:
        return
    (sent,) = plan.trino
    assert f"select {text}".rstrip().startswith(sent)


def test_the_documents_list_every_statement():
    text = (REPOSITORY / "docs" / "REHEARSAL.md").read_text()
    forms = [*STATEMENTS, *((word,) for word in SHARED)]
    forms += [("ALTER", "TABLE", *words) for words in ACTIONS]
    forms += [("SHOW", *words) for words in SHOWN]
    listed = text.split("## Statements")[1].split("## ")[0]
    missing = {" ".join(form) for form in forms if not _are_in(form, listed)}
    assert missing == set()


def _are_in(form, text):
    """Whether a line has these words in this order, with others between them."""
    lines = (line.replace("`", " ").replace(",", " ").split() for line in text.splitlines())
    return any(_in_order(form, iter(line)) for line in lines)


def _in_order(form, words):
    return all(word in words for word in form)
