"""Runs commands of the guided tour as they stand there, on a test's own lakehouse."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from lakehouse.cli import main
from lakehouse.state import REPOSITORY, STATE_VARIABLE, State

# What a run writes; all else in the repository is linked.
OWN = {".venv", ".lakehouse", "target", "logs"}
# MetricFlow asks the package index for its newest version; nothing answers here.
NO_NETWORK = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
SECONDS = 300


class Walk:
    """A folder that looks like the repository after `make demo`, and what runs in it."""

    def __init__(self, folder: Path, state: State) -> None:
        self.folder, self.state = folder, state
        folder.mkdir()
        for path in REPOSITORY.iterdir():
            if path.name not in OWN:
                (folder / path.name).symlink_to(path)
        (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
        (folder / ".lakehouse").symlink_to(state.root)

    @property
    def environment(self) -> dict[str, str]:
        """What the commands find in their environment."""
        return {**os.environ, **NO_NETWORK, STATE_VARIABLE: str(self.state.root)}

    def run(self, command: str) -> tuple[int, str]:
        """Exit code, and all that the command printed."""
        if command.startswith(".venv/bin/lakehouse "):
            return self._run_lakehouse(command)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout

    def _run_lakehouse(self, command: str) -> tuple[int, str]:
        """In this process, which has a warm Spark session."""
        words = ["bash", "-c", f"printf '%s\\0' {command}"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        output, code = io.StringIO(), 0
        with (
            patch.dict(os.environ, {STATE_VARIABLE: str(self.state.root)}),
            patch.object(sys, "argv", said.split("\0")[:-1]),
            redirect_stdout(output),
            redirect_stderr(output),
        ):
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        return code, output.getvalue()
