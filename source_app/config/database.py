"""Where the source database is: environment variables, else the embedded server's own file."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

REPOSITORY = Path(__file__).resolve().parents[2]
# Lines of PostgreSQL's postmaster.pid, counted from 0 (miscadmin.h, LOCK_FILE_LINE_*).
PORT_LINE, SOCKET_DIR_LINE = 3, 4


def database_from_environment() -> dict[str, Any]:
    """Django's settings of the database that SOURCE_DB_* name, or of the embedded server.

    Works while no server runs, so that `manage.py check` needs no database.
    """
    host, port = os.environ.get("SOURCE_DB_HOST"), os.environ.get("SOURCE_DB_PORT", "5432")
    if not host:
        host, port = embedded_address()
    sslmode = os.environ.get("SOURCE_DB_SSLMODE")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host,
        "PORT": port,
        "NAME": os.environ.get("SOURCE_DB_NAME", "shop"),
        "USER": os.environ.get("SOURCE_DB_USER", "postgres"),
        "PASSWORD": os.environ.get("SOURCE_DB_PASSWORD", ""),
        "OPTIONS": {"connect_timeout": 10} | ({"sslmode": sslmode} if sslmode else {}),
    }


def embedded_address() -> tuple[str, str]:
    """Socket directory and port of the embedded server, as it wrote them when it started.

    Without that file: its data directory, where no socket is, so that connecting fails clearly.
    """
    data_dir = _state_folder() / "postgres"
    try:
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
        return lines[SOCKET_DIR_LINE].strip(), lines[PORT_LINE].strip()
    except (OSError, IndexError):
        return str(data_dir), "5432"


def is_lost_connection(error: BaseException) -> bool:
    """Whether the server could not be reached; an error that a server answered has a code."""
    return getattr(error.__cause__, "pgcode", None) is None


def describe_lost_connection(error: BaseException) -> str:
    """One line: which database, why, what is safe, what to type."""
    target = database_from_environment()
    reason = " ".join(str(error).split()) or "no reason given"
    return (
        f"cannot connect to the source database {target['NAME']} at {target['HOST']}, "
        f"port {target['PORT']} ({reason}). What was not committed is not in the database. Start "
        "the embedded server with `lakehouse up`, or set SOURCE_DB_HOST (and SOURCE_DB_PORT, "
        "SOURCE_DB_NAME, SOURCE_DB_USER, SOURCE_DB_PASSWORD) to a running one."
    )


def _state_folder() -> Path:
    given = os.environ.get("LAKEHOUSE_STATE")
    if not given:
        return REPOSITORY / ".lakehouse"
    if not Path(given).is_absolute():
        raise ImproperlyConfigured(
            f"LAKEHOUSE_STATE={given} is relative; nothing was done; set it to an absolute path"
        )
    return Path(given)
