"""What Lake Formation is told is in force with the next query, without a restart."""

import json

import pytest

from lakehouse.homes.rehearsal.emulator import ACCOUNT
from lakehouse.rehearsal.athena_client import AthenaClient, QueryFailedError, credentials_of
from lakehouse.rehearsal.stage import NAME

pytestmark = pytest.mark.rehearsal

DATABASE = "rehearsal_tests"
ALLOW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["athena:*", "s3:*"], "Resource": "*"}],
}


@pytest.fixture
def table(athena, place):
    name, folder = place
    athena(
        f"create table {name} with (table_type = 'ICEBERG', is_external = false, "
        f"location = '{folder}') as select * from (values ('a', 1, 10), ('b', 2, 20), "
        "('b', 3, 30)) as t (tenant, id, paid)"
    )
    return name


@pytest.fixture
def visitor(stage, place):
    """A new role with all rights of IAM and none of Lake Formation; its ARN and its client."""
    iam, role = stage.emulator.client("iam"), f"visitor-{place[0]}"
    iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=json.dumps(ALLOW))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    client = AthenaClient(
        stage.emulator, f"{NAME}-data-engineering", credentials_of(stage.emulator, arn)
    )
    return arn, client


def rows(visitor, sql):
    """Rows of a statement; the reason's first word when it fails."""
    try:
        return visitor[1].query(sql, database=DATABASE).rows
    except QueryFailedError as error:
        return str(error).split(":")[0]


@pytest.fixture
def lake(stage, visitor, table):
    """Grants and revokes; a filter is made first."""
    client = stage.emulator.client("lakeformation")
    principal = {"DataLakePrincipalIdentifier": visitor[0]}
    key = {"TableCatalogId": ACCOUNT, "DatabaseName": DATABASE, "TableName": table}

    class Lake:
        def filter(self, name, rows, columns):
            described = {**key, "Name": name, "RowFilter": {"FilterExpression": rows}}
            client.create_data_cells_filter(TableData={**described, "ColumnNames": columns})
            self.grant({"DataCellsFilter": {**key, "Name": name}})
            return {"DataCellsFilter": {**key, "Name": name}}

        def grant(self, resource, *permissions):
            wanted = list(permissions or ["SELECT"])
            client.grant_permissions(Principal=principal, Resource=resource, Permissions=wanted)

        def revoke(self, resource):
            client.revoke_permissions(
                Principal=principal, Resource=resource, Permissions=["SELECT"]
            )

    return Lake()


def test_a_filter_counts_from_the_next_query_on_and_so_does_its_end(lake, visitor, table):
    everything = f"select * from {table} order by id"
    assert rows(visitor, everything) == "PERMISSION_DENIED"
    granted = lake.filter("b", "tenant = 'b'", ["tenant", "id"])
    assert rows(visitor, everything) == [("b", "2"), ("b", "3")]
    assert rows(visitor, f"select paid from {table}") != [("20",), ("30",)]
    lake.revoke(granted)
    assert rows(visitor, everything) == "PERMISSION_DENIED"


def test_two_filters_add_their_rows_and_a_view_over_them_too(lake, visitor, table, athena, place):
    lake.filter("a", "tenant = 'a'", ["tenant", "id"])
    lake.filter("three", "id = 3", ["tenant", "id"])
    assert rows(visitor, f"select id from {table} order by id") == [("1",), ("3",)]
    view = f"v_{place[0]}"
    athena(f"create view {view} as select id from {table}")
    lake.grant({"Table": {"DatabaseName": DATABASE, "Name": view}})
    assert rows(visitor, f"select id from {view} order by id") == [("1",), ("3",)]


def test_who_may_insert_may_not_drop(lake, visitor, table):
    lake.grant({"Table": {"DatabaseName": DATABASE, "Name": table}}, "SELECT", "INSERT")
    assert rows(visitor, f"insert into {table} values ('c', 4, 40)") == []
    assert rows(visitor, f"select count(*) from {table}") == [("4",)]
    for refused in (f"drop table {table}", f"delete from {table}", f"update {table} set id = 0"):
        assert rows(visitor, refused) == "PERMISSION_DENIED"
