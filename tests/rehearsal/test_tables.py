"""Tables of every kind through Athena's own statements, on the real engine."""

import threading

import pytest
from botocore.config import Config

pytestmark = pytest.mark.rehearsal


def test_an_iceberg_table_lives_through_all_its_changes(athena, place):
    table, folder = place
    athena(
        f"create table {table} with (table_type = 'ICEBERG', is_external = false, "
        f"location = '{folder}', format = 'parquet', partitioning = ARRAY['bucket(id, 4)']) as "
        "select 1 as id, 'one' as name union all select 2, null"
    )
    athena(f"insert into {table} values (3, 'three')")
    athena(
        f"merge into {table} as t using (values (3, 'THREE'), (4, 'four')) as s (id, name) "
        "on t.id = s.id when matched then update set name = s.name "
        "when not matched then insert values (s.id, s.name)"
    )
    athena(f"delete from {table} where id = 2")
    athena(f"update {table} set name = 'uno' where id = 1")
    athena(f"alter table {table} add columns (extra decimal(10, 2))")
    athena(f"alter table {table} change column name title string")
    athena(f"optimize {table} rewrite data using bin_pack")
    athena(f"vacuum {table}")
    assert athena(f"select * from {table} order by id") == [
        ("1", "uno", None),
        ("3", "THREE", None),
        ("4", "four", None),
    ]
    assert len(athena(f'select * from "{table}$snapshots"')) >= 5
    athena(f"alter table {table} rename to {table}_b")
    assert athena(f"show tables '{table}*'") == [(f"{table}_b",)]
    athena(f"drop table {table}_b")


def test_a_hive_table_has_partitions(athena, refused, place):
    table, folder = place
    create = (
        f"create table {table} with (external_location = '{folder}', partitioned_by = ARRAY['p']) "
        "as select 1 as x, 'a' as p union all select 2, 'b'"
    )
    athena(create)
    assert athena(f"show partitions {table}") == [("p=a",), ("p=b",)]
    athena(f"alter table {table} drop partition (p = 'b')")
    assert athena(f"select * from {table}") == [("1", "a")]
    athena(f"msck repair table {table}")
    assert athena(f"select count(*) from {table}") == [("2",)]
    assert refused(create).startswith("TABLE_ALREADY_EXISTS")


def test_a_file_of_text_is_a_table(athena, stage, place):
    table, folder = place
    bucket, key = folder.removeprefix("s3://").split("/", 1)
    body = b'id,name\n1,"with, comma"\n2,plain\n'
    stage.emulator.client("s3").put_object(Bucket=bucket, Key=f"{key}rows.csv", Body=body)
    athena(
        f"create external table {table} (id string, name string) "
        "row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde' stored as textfile "
        f"location '{folder}' tblproperties ('skip.header.line.count' = '1')"
    )
    assert athena(f"select * from {table} order by id") == [("1", "with, comma"), ("2", "plain")]


def test_a_view_shows_its_columns_and_survives_being_described(athena, stage, place):
    view, _ = place
    athena(f"create view {view} as select 1 as id, array['a'] as tags")
    glue = stage.emulator.client("glue")
    found = glue.get_table(DatabaseName="rehearsal_tests", Name=view)["Table"]
    columns = found["StorageDescriptor"]["Columns"]
    assert [(c["Name"], c["Type"]) for c in columns] == [
        ("id", "int"),
        ("tags", "array<varchar(1)>"),
    ]
    # As dbt does for persist_docs.
    kept = (
        "Name",
        "TableType",
        "StorageDescriptor",
        "Parameters",
        "ViewOriginalText",
        "ViewExpandedText",
    )
    described = {k: found[k] for k in kept} | {"Description": "what it is"}
    described["Parameters"]["comment"] = "what it is"
    glue.update_table(DatabaseName="rehearsal_tests", TableInput=described)
    assert athena(f"select * from {view}") == [("1", "[a]")]
    athena(f"create or replace view {view} as select 2 as id")
    assert athena(f"select * from {view}") == [("2",)]


def test_more_than_a_hundred_partitions_are_refused_as_on_athena(refused, place):
    table, folder = place
    reason = refused(
        f"create table {table} with (table_type = 'ICEBERG', is_external = false, "
        f"location = '{folder}', partitioning = ARRAY['id']) "
        "as select * from unnest(sequence(1, 101)) as s (id)"
    )
    assert reason.startswith("ICEBERG_TOO_MANY_OPEN_PARTITIONS")


def test_commits_at_the_same_time_lose_nothing(athena, place):
    table, folder = place
    athena(
        f"create table {table} with (table_type = 'ICEBERG', is_external = false, "
        f"location = '{folder}') as select 0 as id"
    )
    won = []

    def insert(number):
        try:
            athena(f"insert into {table} values ({number})")
            won.append(number)
        except Exception as error:
            assert "ICEBERG_COMMIT_ERROR" in str(error)

    threads = [threading.Thread(target=insert, args=(n,)) for n in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won
    assert sorted(int(i) for (i,) in athena(f"select id from {table}")) == sorted([0, *won])


def test_a_query_above_the_workgroups_limit_is_cancelled(stage, place):
    name, _ = place
    # AWS takes no limit below 10 MB, and no table here is that large.
    small = Config(parameter_validation=False)
    client = stage.emulator.client("athena", config=small)
    results = {"OutputLocation": f"s3://{stage.bucket('athena-results')}/tight/"}
    limits = {"ResultConfiguration": results, "BytesScannedCutoffPerQuery": 100}
    client.create_work_group(Name=name, Configuration=limits)
    query = "select * from lakehouse_silver.event"
    started = client.start_query_execution(QueryString=query, WorkGroup=name)
    status = {"State": "QUEUED"}
    while status["State"] in ("QUEUED", "RUNNING"):
        asked = {"QueryExecutionId": started["QueryExecutionId"]}
        status = client.get_query_execution(**asked)["QueryExecution"]["Status"]
    client.delete_work_group(WorkGroup=name)
    assert status["State"] == "CANCELLED"
    assert "Bytes scanned limit was exceeded" in status["StateChangeReason"]
