"""Checks what can be checked, then becomes Streamlit's server."""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from lakehouse.dashboard.desk import gold_of, open_desk
from lakehouse.dashboard.errors import DashboardError
from lakehouse.dashboard.gold import workgroup_of
from lakehouse.dashboard.settings import Settings

SCRIPT = Path(__file__).with_name("script") / "app.py"


def check(settings: Settings, address: str, port: int) -> None:
    """Raise LakehouseError when nobody could look at anything, or the port is taken.

    Athena itself is not asked: that would cost a query.
    """
    if settings.athena:
        workgroup_of(settings.principal, settings.athena)
    else:
        open_desk(settings, gold_of(settings))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise DashboardError(
                f"{address}:{port} cannot be used ({error.strerror}); nothing was started. "
                "Another one: `lakehouse dashboard --port N`."
            ) from error


def command(address: str, port: int) -> list[str]:
    """Streamlit's command; what holds wherever it runs is in script/.streamlit/config.toml."""
    flags = {
        "server.address": address,
        "server.port": str(port),
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
    }
    options = [f"--{name}={value}" for name, value in flags.items()]
    return [sys.executable, "-m", "streamlit", "run", str(SCRIPT), *options]


def serve(settings: Settings, address: str, port: int) -> NoReturn:
    """Replace this process by the server; Ctrl-C ends it."""
    arguments = command(address, port)
    os.execve(arguments[0], arguments, {**os.environ, **settings.environment()})
