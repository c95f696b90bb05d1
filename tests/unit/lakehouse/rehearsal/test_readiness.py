"""`lakehouse rehearse --fetch`: what cannot be had is told apart from what is broken."""

import subprocess

import pytest
from typer.testing import CliRunner

from lakehouse.cli import app, commands
from lakehouse.cli.rehearse import NOT_TO_BE_HAD
from lakehouse.errors import PrerequisiteError
from lakehouse.homes import maven
from lakehouse.homes.embedded.java import Java
from lakehouse.homes.maven import Artifact, fetch
from lakehouse.homes.rehearsal.engine.downloads import Downloads
from lakehouse.homes.rehearsal.terraform.process import TerraformFailedError
from lakehouse.rehearsal import readiness

NO_MAVEN = "trino-server-476.tar.gz could not be fetched from Maven Central"


@pytest.fixture
def fetched(tmp_path, monkeypatch):
    """Runs the command on a machine that has whatever Downloads fetches."""
    monkeypatch.setenv("LAKEHOUSE_STATE", str(tmp_path))
    monkeypatch.setattr(Downloads, "fetch", lambda self, on_part: on_part("Trino 476"))
    if not app.registered_commands:
        commands.register(app)
    return lambda: CliRunner().invoke(app, ["rehearse", "--fetch"])


def test_without_terraform_the_exit_code_says_that_it_cannot_be_had(fetched, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    done = fetched()
    assert done.exit_code == NOT_TO_BE_HAD
    assert "terraform is not installed" in done.stderr


def test_without_a_download_the_exit_code_says_that_it_cannot_be_had(fetched, monkeypatch):
    def fail(self, on_part):
        raise PrerequisiteError(NO_MAVEN)

    monkeypatch.setattr(Downloads, "fetch", fail)
    done = fetched()
    assert done.exit_code == NOT_TO_BE_HAD
    assert NO_MAVEN in done.stderr


def test_what_is_broken_is_no_lack_of_this_machine(fetched, monkeypatch):
    def fail(self, *arguments):
        raise TerraformFailedError("terraform init: Unsupported block type")

    monkeypatch.setattr(readiness.Terraform, "init", fail)
    assert isinstance(fetched().exception, TerraformFailedError)


def test_a_download_that_takes_too_long_cannot_be_had(tmp_path, monkeypatch):
    def late(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(maven.subprocess, "run", late)
    java = Java(tmp_path, 17, from_wheel=False)
    artifact = Artifact("g", "server", "1", "0" * 64, purpose="there is no engine", kind="tar.gz")
    with pytest.raises(PrerequisiteError, match="nothing within 900 s"):
        fetch(artifact, tmp_path / "to", java=java, trust_folder=tmp_path)
    assert list((tmp_path / "to").iterdir()) == []
