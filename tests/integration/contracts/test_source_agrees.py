"""Contracts, Django's models and the migrated database describe the same columns."""

import json
import subprocess
import sys
from contextlib import closing

import psycopg2
import pytest

from lakehouse.homes.embedded.source_app import environment
from lakehouse.state import REPOSITORY

pytestmark = pytest.mark.postgres

DATABASE_COLUMNS = """
    select column_name, format_type(a.atttypid, a.atttypmod), is_nullable = 'NO'
    from information_schema.columns c
    join pg_attribute a
      on a.attrelid = format('%%I.%%I', table_schema, table_name)::regclass
     and a.attname = column_name
    where table_schema = %s and table_name = %s
    order by ordinal_position
"""
MODELS = """
import json, django
django.setup()
from django.apps import apps
from django.db import connection
print(json.dumps({
    m._meta.db_table: [
        [f.column, f.db_type(connection), not f.null] for f in m._meta.concrete_fields
    ]
    for m in apps.get_app_config("core").get_models()
}))
"""


def described(contract):
    return [(c.name, c.source_type, c.required) for c in contract.columns]


def test_the_migrated_database_has_exactly_the_contract_columns(shop, contracts):
    with closing(psycopg2.connect(shop)) as connection, connection.cursor() as cursor:
        for contract in contracts.values():
            cursor.execute(DATABASE_COLUMNS, (contract.source_schema, contract.source_table))
            assert cursor.fetchall() == described(contract), contract.name


def test_the_models_have_exactly_the_contract_columns(shop, contracts):
    variables = {**environment(shop), "DJANGO_SETTINGS_MODULE": "config.settings"}
    output = subprocess.run(
        [sys.executable, "-c", MODELS],
        cwd=REPOSITORY / "source_app",
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    models = json.loads(output)
    assert set(models) == {c.source_table for c in contracts.values()}
    for contract in contracts.values():
        fields = [
            (name, kind.replace("varchar", "character varying").replace(", ", ","), required)
            for name, kind, required in models[contract.source_table]
        ]
        assert fields == described(contract), contract.name


def test_unique_columns_are_unique_in_the_database(shop, contracts):
    with closing(psycopg2.connect(shop)) as connection, connection.cursor() as cursor:
        for contract in contracts.values():
            cursor.execute(
                "select array_agg(a.attname::text) from pg_index i "
                "join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) "
                "where i.indrelid = %s::regclass and i.indisunique group by i.indexrelid",
                (contract.source_table,),
            )
            single = {columns[0] for (columns,) in cursor.fetchall() if len(columns) == 1}
            assert {c.name for c in contract.columns if c.unique} == single, contract.name
