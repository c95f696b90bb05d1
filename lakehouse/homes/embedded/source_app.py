"""Runs the Django application's own commands, as a process, against a given database."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg2.extensions

from lakehouse.errors import SourceDatabaseError
from lakehouse.state import REPOSITORY

MANAGE = REPOSITORY / "source_app" / "manage.py"


def environment(dsn: str) -> Mapping[str, str]:
    """The process environment that points Django at the database of a libpq connection string."""
    parts = psycopg2.extensions.parse_dsn(dsn)
    names = {
        "host": "HOST",
        "port": "PORT",
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
    }
    given = {f"SOURCE_DB_{names[k]}": v for k, v in parts.items() if k in names}
    return {**os.environ, **given}


def manage(dsn: str, *arguments: str, quiet: bool = False, cwd: Path = REPOSITORY) -> str:
    """Run `manage.py arguments`; returns its standard output when quiet, else shows it.

    Raises SourceDatabaseError with the command's own error text when it fails.
    """
    result = subprocess.run(
        [sys.executable, str(MANAGE), *arguments],
        env=dict(environment(dsn)),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise SourceDatabaseError(
            f"manage.py {' '.join(arguments)} failed:\n{result.stderr.strip()[-2000:]}"
        )
    return result.stdout or ""
