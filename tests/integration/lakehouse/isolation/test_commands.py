"""`lakehouse tenants` and `lakehouse query --as`, as a user meets them."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from tests.integration.lakehouse.isolation.conftest import ANN, CYD, ROWS

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
LAKEHOUSE = Path(sys.executable).with_name("lakehouse")


@pytest.fixture
def run(made_up, shop):
    """Runs the command on the made-up layers; the source has the tenants Ann and Cyd."""
    parts = psycopg2.extensions.parse_dsn(shop)
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER"}
    source = {f"SOURCE_DB_{n}": parts[k] for k, n in names.items()}
    with psycopg2.connect(shop) as connection, connection.cursor() as cursor:
        for slug, tenant in (("ann", ANN), ("cyd", CYD)):
            cursor.execute(
                "insert into core_tenant (id, name, slug, domain, settings, is_active, created_at, "
                "updated_at) values (%s, %s, %s, %s, %s, true, now(), now())",
                (tenant, slug, slug, f"{slug}.example", SETTINGS),
            )
    registry = made_up.state.tenants.read_text()

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        variables = {"LAKEHOUSE_STATE": str(made_up.state.root), **source}
        return subprocess.run(
            [LAKEHOUSE, *arguments],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    yield command
    made_up.state.tenants.write_text(registry)


SETTINGS = '{"plan": "enterprise", "currency": "EUR", "features": {}}'
QUESTION = "select tenant_id, count(*) from lakehouse_gold.mrr_metrics group by 1"


def test_a_tenant_is_let_in_by_name_and_out_again(run):
    before = run("query", "--as", "analyst@cyd", QUESTION)
    assert before.returncode == 1
    assert "lakehouse tenants" in before.stderr

    shown = run("tenants", "--register", "cyd")
    assert shown.returncode == 0, shown.stderr
    answer = run("query", "--as", "analyst@cyd", QUESTION)
    assert CYD in answer.stdout
    assert str(ROWS[CYD]) in answer.stdout
    assert ANN not in answer.stdout

    assert run("tenants", "--unregister", "cyd").returncode == 0
    after = run("query", "--as", "analyst@cyd", QUESTION)
    assert after.returncode == 1
    assert after.stdout == ""


def test_what_is_refused_is_one_message_and_an_exit_code(run, made_up):
    for principal, sql in (
        ("analyst@ann", "select * from lakehouse_gold.undescribed"),
        ("analyst@ann", f"select * from read_parquet('{made_up.files['customer']}')"),
        ("analyst@ann", "select 1; select 2"),
        ("analyst@nobody", QUESTION),
        ("nobody", QUESTION),
    ):
        result = run("query", "--as", principal, sql)
        assert result.returncode == 1
        assert result.stdout == ""
        assert "error:" in result.stderr
        assert "Traceback" not in result.stderr


def test_without_a_registry_nobody_is_let_in(run, made_up):
    made_up.state.tenants.write_text("tables: [")
    for principal in ("engineer", "analyst@ann"):
        result = run("query", "--as", principal, QUESTION)
        assert result.returncode == 1
        assert "nothing was read" in result.stderr


def test_an_unknown_tenant_is_not_registered(run, made_up):
    before = made_up.state.tenants.read_text()
    result = run("tenants", "--register", "ann", "--register", "zoe")
    assert result.returncode == 1
    assert "no tenant 'zoe'" in result.stderr
    assert made_up.state.tenants.read_text() == before
