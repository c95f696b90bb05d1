"""Databases of the embedded server come and go, whoever uses them."""

from contextlib import closing

import psycopg2
import pytest
from psycopg2.extras import LogicalReplicationConnection

pytestmark = pytest.mark.postgres


def names(postgres):
    with (
        closing(psycopg2.connect(postgres.dsn("postgres"))) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("select datname from pg_database")
        return {name for (name,) in cursor.fetchall()}


def test_a_database_is_dropped_with_its_sessions_and_the_slot_that_is_being_read(postgres):
    for number in range(5):
        dsn = postgres.create_database(f"dropped_{number}")
        with (
            closing(psycopg2.connect(dsn)),
            closing(psycopg2.connect(dsn, connection_factory=LogicalReplicationConnection)) as link,
            link.cursor() as reader,
        ):
            reader.create_replication_slot(f"read_{number}", output_plugin="pgoutput")
            options = {"proto_version": "1", "publication_names": "none"}
            reader.start_replication(slot_name=f"read_{number}", options=options)
            postgres.drop_database(f"dropped_{number}")
            assert f"dropped_{number}" not in names(postgres)


def test_a_database_that_is_not_there_is_dropped_already(postgres):
    postgres.drop_database("never_made")
