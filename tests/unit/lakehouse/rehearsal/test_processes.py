"""What was started is ended by its number, and nothing else is."""

import os
import shutil
import subprocess
import sys
from collections import namedtuple

import pytest

from lakehouse.errors import PrerequisiteError
from lakehouse.homes.maven import Artifact
from lakehouse.homes.rehearsal.engine.downloads import Downloads
from lakehouse.homes.rehearsal.engine.settings import CLOSED, write_settings
from lakehouse.homes.rehearsal.processes import is_running, memory_mib, stop_process
from lakehouse.rehearsal.record import Record

# A command line longer than a terminal is wide.
LONG = "x" * 500


@pytest.fixture
def sleeper():
    code = "import time; time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code, LONG, "the-marker"])
    yield process
    process.kill()
    process.wait()


def test_a_process_is_ended_when_it_is_the_one_that_was_meant(sleeper):
    assert is_running(sleeper.pid, "the-marker")
    stop_process(sleeper.pid, "another-marker")
    assert is_running(sleeper.pid, "the-marker")
    stop_process(sleeper.pid, "the-marker")
    assert not is_running(sleeper.pid, "the-marker")


def test_memory_counts_what_a_process_has_started(sleeper):
    assert memory_mib([os.getpid()]) >= memory_mib([sleeper.pid]) > 0


def test_a_record_is_read_as_it_was_written(tmp_path):
    file = tmp_path / "run" / "record.json"
    assert Record.read(file) is None
    record = Record(file, emulator_port=1, trino_process=2, as_of="2026-11-21", done=["a"])
    record.write()
    assert Record.read(file) == record


def test_a_full_disk_is_named_before_anything_is_fetched(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, 1_000_000_000))
    with pytest.raises(PrerequisiteError, match="1.0 GB free.*nothing was fetched"):
        Downloads(tmp_path / "rehearsal", tmp_path / "java").fetch()


def test_the_resolver_is_told_which_file_an_artifact_is():
    artifact = Artifact("g", "server", "1", "0" * 64, purpose="", kind="tar.gz")
    assert '<artifact name="server" type="tar.gz" ext="tar.gz"/>' in artifact.dependency
    assert artifact.file_name == "server-1.tar.gz"


def test_trino_is_closed_until_the_policy_is_in_force(tmp_path):
    write_settings(tmp_path, port=1, aws="http://127.0.0.1:2", region="eu-central-1")
    assert str(tmp_path / "rules.json") in (tmp_path / "access-control.properties").read_text()
    assert (tmp_path / "rules.json").read_text() == str(CLOSED).replace("'", '"')
    assert {p.stem for p in (tmp_path / "catalog").iterdir()} == {
        "awsdatacatalog",
        "iceberg",
        "hudi",
    }
