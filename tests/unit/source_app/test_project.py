"""Rules of the project itself: settings, boundaries, factories, the replication check."""

import ast
import importlib
from pathlib import Path

import pytest
from config.database import database_from_environment
from core import factories
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import models

SOURCE_APP = Path(__file__).resolve().parents[3] / "source_app"
OURS = {"contracts", "lakehouse", "spark_bronze_to_silver", "dbt_project", "tests"}
FACTORIES = [
    getattr(factories, name)
    for name in dir(factories)
    if name.endswith("Factory") and name not in {"DjangoModelFactory", "SubFactory"}
]


def imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def test_the_source_application_does_not_know_the_lake():
    for path in SOURCE_APP.rglob("*.py"):
        assert not imported_packages(path) & OURS, path


def test_the_embedded_servers_own_file_says_where_it_is(tmp_path, monkeypatch):
    (tmp_path / "postgres").mkdir()
    lines = ["123", str(tmp_path), "1700000000", "5499", "/run/somewhere", "", "ready"]
    (tmp_path / "postgres" / "postmaster.pid").write_text("\n".join(lines))
    monkeypatch.setenv("LAKEHOUSE_STATE", str(tmp_path))
    monkeypatch.delenv("SOURCE_DB_HOST", raising=False)
    database = database_from_environment()
    assert (database["HOST"], database["PORT"]) == ("/run/somewhere", "5499")
    assert (database["NAME"], database["USER"]) == ("shop", "postgres")


def test_the_environment_wins_over_the_embedded_server(monkeypatch):
    for name in ("HOST", "PORT", "NAME", "USER", "PASSWORD", "SSLMODE"):
        monkeypatch.setenv(f"SOURCE_DB_{name}", name.lower())
    database = database_from_environment()
    assert [database[k] for k in ("HOST", "PORT", "NAME", "USER", "PASSWORD")] == [
        *("host", "port", "name", "user", "password")
    ]
    assert database["OPTIONS"]["sslmode"] == "sslmode"


def test_a_relative_state_folder_is_refused(monkeypatch):
    monkeypatch.delenv("SOURCE_DB_HOST", raising=False)
    monkeypatch.setenv("LAKEHOUSE_STATE", "somewhere")
    with pytest.raises(ImproperlyConfigured, match="set it to an absolute path"):
        database_from_environment()


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_a_built_row_has_valid_fields_and_one_tenant(factory):
    row = factory.build()
    references = [f.name for f in row._meta.fields if isinstance(f, models.ForeignKey)]
    row.clean_fields(exclude=references)
    for name in references:
        parent = getattr(row, name)
        assert getattr(parent, "tenant", row.tenant) == row.tenant


class OneValue:
    """A connection whose every query answers with one value."""

    def __init__(self, value: str) -> None:
        self.value = value

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, _query: str) -> None:
        pass

    def fetchone(self) -> tuple[str]:
        return (self.value,)


class Editor:
    """The part of a schema editor that the migration uses."""

    def __init__(self, value: str) -> None:
        self.connection = OneValue(value)


def test_a_server_without_logical_wal_is_refused_with_what_to_set():
    migration = importlib.import_module("core.migrations.0003_replication")
    migration.require_logical_wal(None, Editor("logical"))
    with pytest.raises(CommandError, match="wal_level = logical") as caught:
        migration.require_logical_wal(None, Editor("replica"))
    assert "rds.logical_replication" in str(caught.value)
