"""`lakehouse dashboard`: what is wrong is one message before anything is served."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lakehouse.dashboard.serve import SCRIPT, check, command
from lakehouse.dashboard.settings import Settings
from lakehouse.errors import LakehouseError
from lakehouse.state import STATE_VARIABLE

LAKEHOUSE = Path(sys.executable).with_name("lakehouse")
pytestmark = pytest.mark.slow


def refusal(state, monkeypatch, principal="analyst@ann", port=0, athena=""):
    monkeypatch.setenv(STATE_VARIABLE, str(state.root))
    with pytest.raises(LakehouseError) as error:
        check(Settings(principal, athena), "127.0.0.1", port)
    return str(error.value)


def test_what_can_be_served_is_checked_without_a_word(own_state, monkeypatch):
    monkeypatch.setenv(STATE_VARIABLE, str(own_state.root))
    for principal in ("analyst@ann", "analyst", "engineer", "admin"):
        check(Settings(principal), "127.0.0.1", 0)
    check(Settings("analyst@ann", athena="lakehouse-dev"), "127.0.0.1", 0)


def test_who_is_unknown_is_refused(own_state, monkeypatch):
    assert "'nobody' is no principal" in refusal(own_state, monkeypatch, "nobody")
    assert "no tenant 'cyd' is registered" in refusal(own_state, monkeypatch, "analyst@cyd")
    assert "is no principal" in refusal(own_state, monkeypatch, "x", athena="lakehouse-dev")


def test_a_missing_gold_and_a_missing_registry_say_what_to_do(own_state, monkeypatch):
    own_state.duckdb.unlink()
    assert "lakehouse gold" in refusal(own_state, monkeypatch)
    own_state.tenants.unlink()
    assert "lakehouse tenants --register" in refusal(own_state, monkeypatch)


def test_a_port_in_use_is_named(own_state, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        message = refusal(own_state, monkeypatch, port=port)
    assert f"127.0.0.1:{port}" in message
    assert "--port" in message


def test_the_command_ends_with_one_message_and_an_exit_code(tmp_path):
    result = subprocess.run(
        [LAKEHOUSE, "dashboard", "--as", "analyst@ann"],
        env={**os.environ, STATE_VARIABLE: str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "no registry of tenants" in result.stderr


def test_it_listens_where_it_is_told_and_tells_nobody():
    arguments = command("127.0.0.1", 8501)
    assert {"--server.address=127.0.0.1", "--browser.gatherUsageStats=false"} <= set(arguments)
    assert SCRIPT.with_name(".streamlit").joinpath("config.toml").exists()
