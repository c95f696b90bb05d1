"""Starts the stages' processes, starts again those that die, and stops all of them."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# A stage that dies is started again after a pause, which doubles while it keeps dying.
FIRST_PAUSE, LONGEST_PAUSE, STABLE_SECONDS = 0.5, 30.0, 60.0
# A stop waits for the running cycles; what has not ended by then is killed, which loses nothing.
STOP_SECONDS = 180.0


@dataclass
class Stage:
    """One stage's process, and how often it had to be started again."""

    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0
    pause: float = FIRST_PAUSE
    not_before: float = 0.0
    last_exit: int | None = None

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Stages by name; logs is the folder of their output."""

    stages: Mapping[str, Stage]
    logs: Path
    environment: Mapping[str, str]
    deaths: list[str] = field(default_factory=list)

    def tend(self) -> None:
        """Start what does not run and is due; call it again and again."""
        now = time.monotonic()
        for name, stage in self.stages.items():
            if stage.is_running:
                if now - stage.started_at > STABLE_SECONDS:
                    stage.pause = FIRST_PAUSE
                continue
            if stage.process is not None:
                self._bury(name, stage, now)
            if now >= stage.not_before:
                self._start(name, stage, now)

    def stop(self) -> bool:
        """Let every stage end its cycle; True when none had to be killed."""
        running = [s for s in self.stages.values() if s.is_running]
        for stage in running:
            stage.process.terminate()
        deadline, all_ended = time.monotonic() + STOP_SECONDS, True
        for stage in running:
            try:
                stage.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                all_ended = False
                stage.process.kill()
                stage.process.wait()
        return all_ended

    def _bury(self, name: str, stage: Stage, now: float) -> None:
        stage.last_exit = stage.process.returncode
        self.deaths.append(f"{name} ended with {stage.last_exit}; see {self.logs / name}.log")
        stage.process = None
        stage.restarts += 1
        stage.not_before = now + stage.pause
        stage.pause = min(2 * stage.pause, LONGEST_PAUSE)

    def _start(self, name: str, stage: Stage, now: float) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            # A group of its own: Ctrl-C reaches the supervisor alone, which stops the stages. Not a
            # session: Linux shares the cores out by session first (man 7 sched, autogroup), so
            # that a lower priority would count for nothing beside the other stages.
            stage.process = subprocess.Popen(
                stage.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                process_group=0,
            )
        stage.started_at = now
