"""A replication task on a migrated database of the test's own."""

import json
from contextlib import closing
from pathlib import Path

import psycopg2
import pyarrow.parquet as pq
import pytest

from lakehouse.dms.task import ReplicationTask

TENANT = "00000000-0000-4000-8000-000000000001"


class Source:
    """Statements against the source, each in a transaction of its own."""

    def __init__(self, dsn: str):
        self.dsn = dsn

    def execute(self, *statements):
        with closing(psycopg2.connect(self.dsn)) as connection, connection.cursor() as cursor:
            for statement in statements:
                sql, parameters = (statement, ()) if isinstance(statement, str) else statement
                cursor.execute(sql, parameters)
            connection.commit()

    def tenant(self, tenant=TENANT, name="One", settings=None):
        settings = json.dumps({} if settings is None else settings)
        return (
            "insert into core_tenant values (%s, %s, %s, null, now(), now(), true, %s)",
            (tenant, name, f"{name.lower()}-{tenant[-4:]}", settings),
        )

    def rows(self, sql):
        with closing(psycopg2.connect(self.dsn)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


class Bronze:
    """What Bronze holds."""

    def __init__(self, root: Path):
        self.root = root

    def files(self, table="core_tenant"):
        folder = self.root / "public" / table
        return sorted(folder.rglob("[!.]*.parquet")) if folder.exists() else []

    def rows(self, table="core_tenant"):
        return [r for f in self.files(table) for r in pq.read_table(f).to_pylist()]

    def leftovers(self):
        return list(self.root.rglob(".*"))


@pytest.fixture
def source(shop):
    return Source(shop)


@pytest.fixture
def landed(bronze):
    return Bronze(bronze)


@pytest.fixture
def new_task(shop, bronze, tmp_path, contracts):
    def make(**changes):
        settings = {
            "dsn": shop,
            "bronze": bronze,
            "state_dir": tmp_path / "dms",
            "contracts": contracts,
            "slot": psycopg2.extensions.parse_dsn(shop)["dbname"],
        }
        return ReplicationTask(**{**settings, **changes})

    return make


@pytest.fixture
def task(new_task):
    return new_task()
