"""A new nullable column is one contract edit and one migration; this walks it to Gold's source."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contracts import load_contracts
from lakehouse.dms.task import ReplicationTask
from lakehouse.generate.dbt_sources import dbt_sources
from lakehouse.homes.embedded.silver_relations import create_silver_views
from lakehouse.homes.embedded.source_app import environment
from lakehouse.state import REPOSITORY
from spark_bronze_to_silver.to_silver import run_table

pytestmark = [pytest.mark.postgres, pytest.mark.spark, pytest.mark.slow]

PROPERTY = """      - name: nickname
        description: What the customer wants to be called.
        physicalType: character varying(40)
        logicalType: string
        required: false
        classification: personal
        customProperties:
          - {property: bronzeType, value: "string"}
          - {property: silverType, value: "string"}
slaProperties:"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A copy of the parts of the repository that the change edits."""
    for folder in ("contracts", "source_app"):
        shutil.copytree(REPOSITORY / folder, tmp_path / "code" / folder)
    return tmp_path / "code"


def edit_contract(code: Path) -> None:
    path = code / "contracts" / "customer.odcs.yaml"
    path.write_text(path.read_text().replace("slaProperties:", PROPERTY))


def edit_model(code: Path, dsn: str) -> None:
    """Add the field to the model, let Django write the migration, and apply it."""
    path = code / "source_app" / "core" / "models" / "customer.py"
    text, count = re.subn(
        r"(\n    metadata = [^\n]*\n)",
        r"\1    nickname = models.CharField(max_length=40, null=True)\n",
        path.read_text(),
    )
    assert count == 1
    path.write_text(text)
    for command in (("makemigrations", "core", "--name", "nickname"), ("migrate",)):
        subprocess.run(
            [sys.executable, code / "source_app" / "manage.py", *command],
            env=dict(environment(dsn)),
            check=True,
            capture_output=True,
        )


def insert(sql, dsn):
    import psycopg2

    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


TENANT = "00000000-0000-4000-8000-000000000001"
CUSTOMER = (
    "insert into core_customer (id, tenant_id, email, first_name, last_name, created_at, "
    "updated_at, is_active, metadata{more}) values (gen_random_uuid(), '" + TENANT + "', '{email}',"
    " 'A', 'B', now(), now(), true, '{{}}'{value})"
)


def test_a_nullable_column_travels_from_a_migration_to_golds_source(shop, code, spark, tmp_path):
    import duckdb

    bronze, silver = tmp_path / "bronze", tmp_path / "silver"

    def move(contracts, action):
        task = ReplicationTask(
            dsn=shop,
            bronze=bronze,
            state_dir=tmp_path / "dms",
            contracts=contracts,
            slot=f"column_{shop.split('dbname=')[1].split()[0]}",
        )
        getattr(task, action)()
        run_table(spark, contracts["customer"], bronze=str(bronze), silver=str(silver))

    tenant = f"'{TENANT}', 'One', 'one', null, now(), now(), true, '{{}}'"
    insert(f"insert into core_tenant values ({tenant})", shop)
    insert(CUSTOMER.format(email="old@x.example", more="", value=""), shop)
    move(load_contracts(code / "contracts"), "full_load")

    edit_model(code, shop)
    insert(CUSTOMER.format(email="between@x.example", more="", value=""), shop)
    edit_contract(code)
    contracts = load_contracts(code / "contracts")
    insert(CUSTOMER.format(email="new@x.example", more=", nickname", value=", 'Al'"), shop)
    move(contracts, "catch_up")

    with duckdb.connect() as connection:
        create_silver_views(connection, silver, contracts.values())
        rows = dict(
            connection.execute("select email, nickname from lakehouse_silver.customer").fetchall()
        )
    assert rows == {"old@x.example": None, "between@x.example": None, "new@x.example": "Al"}
    assert "name: nickname" in dbt_sources(contracts.values())
