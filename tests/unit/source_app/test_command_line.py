"""manage.py without a database: what it says, and how it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

REPOSITORY = Path(__file__).resolve().parents[3]


def manage(*arguments: str, cwd: Path = REPOSITORY, **environment: str):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SOURCE_DB_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "source_app" / "manage.py"), *arguments],
        env={**clean, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_is_clean_from_any_folder_without_a_database(tmp_path):
    result = manage("check", cwd=tmp_path, LAKEHOUSE_STATE=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_an_unreachable_database_is_one_line_that_says_what_to_do(tmp_path):
    result = manage("migrate", LAKEHOUSE_STATE=str(tmp_path))
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("cannot connect to the source database shop")
    assert "`lakehouse up`" in line
    assert "SOURCE_DB_HOST" in line


PRODUCTION = {
    "DJANGO_SECRET_KEY": "k3#9" * 3 + "aZ0!q7_Wm-x2LpR8vT5uYbN1cD6fGhJ4sKeMnQoX",
    "DJANGO_ALLOWED_HOSTS": "shop.example.com",
    "DJANGO_BEHIND_TLS_PROXY": "1",
}


def test_the_deployment_check_is_clean_with_production_settings():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert "WARNINGS" not in result.stderr


def test_debug_is_off_unless_it_is_asked_for():
    program = (
        "from django.conf import settings; print(settings.DEBUG, settings.SECURE_SSL_REDIRECT)"
    )
    assert manage("shell", "--no-imports", "-c", program).stdout.split() == ["False", "True"]
    on = manage("shell", "--no-imports", "-c", program, DJANGO_DEBUG="1")
    assert on.stdout.split() == ["True", "False"]


def test_production_does_not_serve_without_a_secret_key():
    result = manage("shell", "--no-imports", "-c", "import config.wsgi")
    assert result.returncode == 1
    assert "DJANGO_SECRET_KEY is not set" in result.stderr
    assert "Traceback" not in result.stderr


def test_cleaning_outside_debug_needs_a_yes():
    with override_settings(DEBUG=False), pytest.raises(CommandError, match="add --yes"):
        call_command("seed_all", "--clean")
