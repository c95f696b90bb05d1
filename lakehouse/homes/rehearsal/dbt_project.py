"""dbt as the pipeline runs it: the CodeBuild project's own environment, the role of dbt."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lakehouse.errors import LakehouseError
from lakehouse.homes.rehearsal.emulator import Emulator
from lakehouse.state import REPOSITORY

PROJECT = "lakehouse-dev-dbt"
SECONDS = 900
_DONE = re.compile(r"Done\. PASS=(\d+) WARN=(\d+) ERROR=(\d+) SKIP=(\d+)")


@dataclass(frozen=True)
class DbtRun:
    """How a command ended: nodes that passed and warned (0 for a command without nodes)."""

    passed: int
    warnings: int


class DbtProject:
    """The CodeBuild project that Terraform made, on this machine."""

    def __init__(self, emulator: Emulator, target: Path) -> None:
        self._emulator = emulator
        self._target = target

    def run(self, command: str, *options: str) -> DbtRun:
        """Run a command such as "dbt build"; LakehouseError with its last lines when it fails."""
        program, *arguments = command.split()
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), "--no-use-colors", *arguments]
            + ["--profiles-dir", str(REPOSITORY), "--target-path", str(self._target), *options],
            cwd=REPOSITORY,
            env={**os.environ, **self._environment()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise LakehouseError(
                f"{command} failed on the rehearsal's Athena; tables that were built before it "
                f"stand.\n{(done.stdout + done.stderr).strip()[-4000:]}"
            )
        found = _DONE.search(done.stdout)
        return DbtRun(*map(int, found.groups()[:2])) if found else DbtRun(0, 0)

    def _environment(self) -> dict[str, str]:
        projects = self._emulator.client("codebuild").batch_get_projects(names=[PROJECT])
        (project,) = projects["projects"]
        given = project["environment"]["environmentVariables"]
        session = self._emulator.client("sts").assume_role(
            RoleArn=project["serviceRole"], RoleSessionName="dbt"
        )["Credentials"]
        return {
            **self._emulator.environment,
            **{variable["name"]: variable["value"] for variable in given},
            "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
            "AWS_SESSION_TOKEN": session["SessionToken"],
        }
