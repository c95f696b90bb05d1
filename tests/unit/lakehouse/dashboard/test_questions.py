"""SQL of the dashboard: portable, Gold only; both homes of Gold answer it alike."""

from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot.errors import ErrorLevel

from lakehouse.dashboard.desk import QUESTIONS, Desk, gold_of, open_desk
from lakehouse.dashboard.errors import DashboardError
from lakehouse.dashboard.gold import AthenaGold, EmbeddedGold, workgroup_of
from lakehouse.dashboard.gold.athena import literal
from lakehouse.dashboard.sections import all_questions, tenants
from lakehouse.dashboard.settings import Settings, from_environment
from lakehouse.governance.registry import Registry, Tenant, write_registry
from lakehouse.state import REPOSITORY, State
from tests.fakes.athena import DuckAthena
from tests.fakes.gold import LAST_DAY, column_types, make_gold

EVERY = (*QUESTIONS, *all_questions())
OF_ALL_TENANTS = {"permitted_tenants", tenants.SUMMARY.name}
ANN, BOB = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
VALUES = {"tenant": ANN, "first": "2026-08-01", "last": "2026-08-30"}
# Known only to DuckDB.
FORBIDDEN = ("qualify", "group by all", "exclude (", "::", "ilike", "current_date", "now()")


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> State:
    state = State(tmp_path_factory.mktemp("gold"))
    make_gold(state.duckdb, {"ann": (ANN, "EUR"), "bob": (BOB, "USD")})
    registered = {"ann": Tenant("ann", ANN), "bob": Tenant("bob", BOB)}
    write_registry(state.tenants, Registry(tuple(column_types()), registered))
    return state


@pytest.fixture(scope="module")
def embedded(state: State) -> Desk:
    gold = EmbeddedGold("analyst@ann", state, EVERY)
    return open_desk(Settings("analyst@ann"), gold)


def test_names_are_names_of_files_and_sheets_and_stand_once():
    names = [question.name for question in EVERY]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() and len(name) <= 31 for name in names)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.name)
def test_a_question_reads_described_gold_and_is_portable(question):
    sql, _ = question.positional(VALUES)
    tree = sqlglot.parse_one(sql, read="athena", error_level=ErrorLevel.RAISE)
    assert [word for word in FORBIDDEN if word in sql.lower()] == []
    tables = {table for table in tree.find_all(sqlglot.exp.Table) if table.db}
    assert {table.db for table in tables} == {"lakehouse_gold"}
    assert {table.name for table in tables} == question.marts <= set(column_types())
    assert ("$tenant" in question.sql) == (question.name not in OF_ALL_TENANTS)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.name)
def test_athena_is_asked_the_same_and_answers_the_same(question, embedded, state):
    made = []

    def connect(**options):
        # A file is open for one database of a process at a time, so the fake gets the rows of Ann
        # by the same file; Lake Formation's filter is its affair.
        made.append(DuckAthena(str(state.duckdb), **options))
        return made[-1]

    athena = AthenaGold("lakehouse-dev-tenant-ann", "eu-central-1", connect).now()
    here, there = embedded.reading.ask(question, VALUES), athena.ask(question, VALUES)
    if question.name in OF_ALL_TENANTS:
        there = there[there["tenant_name"] == "Shop of ann"].reset_index(drop=True)
    assert len(here)
    assert here.equals(there)
    assert made[0].options == {
        "work_group": "lakehouse-dev-tenant-ann",
        "region_name": "eu-central-1",
        "schema_name": "lakehouse_gold",
    }


def test_a_failure_of_athena_is_one_message():
    import pyathena

    def connect(**_):
        raise pyathena.OperationalError("ExpiredToken")

    with pytest.raises(DashboardError, match="lakehouse-dev-analytics-team.*ExpiredToken"):
        AthenaGold("lakehouse-dev-analytics-team", "eu-central-1", connect).now().ask(EVERY[0], {})


def test_a_principal_has_the_workgroup_that_terraform_gives_it():
    assert workgroup_of("analyst@northwind-nws", "lakehouse-dev") == (
        "lakehouse-dev-tenant-northwind-nws"
    )
    assert workgroup_of("analyst", "lakehouse-dev") == "lakehouse-dev-analytics-team"
    terraform = (REPOSITORY / "terraform/modules/athena/main.tf").read_text()
    assert "analytics-team" in terraform
    assert '"tenant-${tenant}"' in terraform
    assert '"${var.name}-${each.key}"' in terraform
    for stranger in ("", "nobody", "analyst@", "engineer@ann"):
        with pytest.raises(DashboardError, match="no principal"):
            workgroup_of(stranger, "lakehouse-dev")


def test_the_home_of_gold_follows_from_the_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("LAKEHOUSE_STATE", str(tmp_path))
    assert isinstance(gold_of(Settings("analyst")), EmbeddedGold)
    assert isinstance(gold_of(Settings("analyst", "lakehouse-dev")), AthenaGold)
    settings = Settings("analyst@ann", "lakehouse-prod", "eu-west-1")
    assert from_environment(settings.environment()) == settings
    with pytest.raises(DashboardError, match="nobody said who looks"):
        from_environment({})


@pytest.mark.parametrize("text", ["plain", "it's", "'; drop table x --", "ü'\\'"])
def test_a_value_is_a_literal_and_never_sql(text):
    assert sqlglot.parse_one(literal(text), read="athena").this == text


def test_the_exposure_names_every_mart_that_the_dashboard_reads():
    path = Path(REPOSITORY) / "dbt_project/models/exposures.yml"
    exposures = {e["name"]: e for e in yaml.safe_load(path.read_text())["exposures"]}
    read = frozenset().union(*(question.marts for question in EVERY))
    assert exposures["dashboard"]["depends_on"] == [f"ref('{mart}')" for mart in sorted(read)]


def test_the_last_day_is_golds_own(embedded):
    assert embedded.days(embedded.tenants[0])[1] == LAST_DAY
