"""A stage that dies is started again, more and more slowly; a stop lets cycles end."""

import os
import sys
import time

import pytest

from lakehouse.live import supervisor as module
from lakehouse.live.supervisor import FIRST_PAUSE, Stage, Supervisor

PATIENT = "import signal, time; signal.signal(15, lambda *_: exit(0)); print('up', flush=True)"
FOREVER = f"{PATIENT}\nwhile True: time.sleep(0.05)"
STUBBORN = "import signal, time; signal.signal(15, lambda *_: None)\nwhile True: time.sleep(0.05)"


@pytest.fixture
def supervise(tmp_path):
    """Makes a supervisor of Python programs; all of them are gone afterwards."""
    made = []

    def make(**programs: str) -> Supervisor:
        stages = {n: Stage([sys.executable, "-c", code]) for n, code in programs.items()}
        made.append(Supervisor(stages, tmp_path, dict(os.environ)))
        return made[-1]

    yield make
    for supervisor in made:
        for stage in supervisor.stages.values():
            if stage.is_running:
                stage.process.kill()
                stage.process.wait()


def tend_until(supervisor: Supervisor, condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        supervisor.tend()
        time.sleep(0.01)


def is_up(tmp_path, name: str, times: int = 1) -> bool:
    log = tmp_path / f"{name}.log"
    return log.exists() and log.read_text().count("up") == times


def test_a_killed_stage_is_started_again_and_the_others_go_on(supervise, tmp_path):
    supervisor = supervise(a=FOREVER, b=FOREVER)
    tend_until(supervisor, lambda: is_up(tmp_path, "a") and is_up(tmp_path, "b"))
    other = supervisor.stages["b"].process.pid
    supervisor.stages["a"].process.kill()
    tend_until(supervisor, lambda: is_up(tmp_path, "a", times=2))

    assert [(s.restarts, s.is_running) for s in supervisor.stages.values()] == [
        (1, True),
        (0, True),
    ]
    assert supervisor.stages["b"].process.pid == other
    assert supervisor.deaths == [f"a ended with -9; see {tmp_path}/a.log"]


def test_stages_are_groups_of_one_session(supervise, tmp_path):
    """A group of its own keeps Ctrl-C away; in another session Linux would not heed a priority."""
    supervisor = supervise(a=FOREVER, b=FOREVER)
    tend_until(supervisor, lambda: is_up(tmp_path, "a") and is_up(tmp_path, "b"))
    for stage in supervisor.stages.values():
        assert os.getpgid(stage.process.pid) == stage.process.pid
        assert os.getsid(stage.process.pid) == os.getsid(0)


def test_a_stage_that_keeps_dying_is_started_ever_more_slowly(supervise):
    supervisor = supervise(a="exit(3)")
    stage = supervisor.stages["a"]
    tend_until(supervisor, lambda: stage.restarts == 2)
    assert stage.last_exit == 3
    assert stage.pause == 4 * FIRST_PAUSE
    supervisor.tend()
    assert not stage.is_running, "it is not due yet"


def test_a_stage_that_has_run_long_enough_is_trusted_again(supervise, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "STABLE_SECONDS", 0.0)
    supervisor = supervise(a=FOREVER)
    supervisor.stages["a"].pause = 16.0
    tend_until(supervisor, lambda: is_up(tmp_path, "a"))
    supervisor.tend()
    assert supervisor.stages["a"].pause == FIRST_PAUSE


def test_a_stop_lets_stages_end_by_themselves(supervise, tmp_path):
    supervisor = supervise(a=FOREVER, b=FOREVER)
    tend_until(supervisor, lambda: is_up(tmp_path, "a") and is_up(tmp_path, "b"))
    assert supervisor.stop()
    assert [s.process.returncode for s in supervisor.stages.values()] == [0, 0]


def test_a_stage_that_does_not_end_is_killed_and_told_of(supervise, monkeypatch):
    monkeypatch.setattr(module, "STOP_SECONDS", 0.3)
    supervisor = supervise(a=STUBBORN)
    supervisor.tend()
    time.sleep(0.3)
    assert not supervisor.stop()
    assert not supervisor.stages["a"].is_running
