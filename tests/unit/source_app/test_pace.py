"""A rate is held on average, whatever the work's sizes and durations, and never beyond the end."""

from core.activity.pace import Pace
from hypothesis import given
from hypothesis import strategies as st


class Clock:
    """Time that passes only by waiting and working."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


WORK = st.lists(st.tuples(st.integers(1, 200), st.floats(0, 2)), min_size=1, max_size=50)


@given(WORK, st.floats(0.5, 5000))
def test_work_never_runs_ahead_and_waits_only_when_it_would(work, rate):
    clock, done, busy = Clock(), 0, 0.0
    pace = Pace(rate, wait=clock.sleep, clock=clock)
    for count, seconds in work:
        clock.now += seconds
        done, busy = done + count, busy + seconds
        pace.keep(done)
        assert pace.seconds >= done / rate * (1 - 1e-9) - 1e-6
    if done / rate >= busy:
        assert pace.seconds <= done / rate + busy + 1e-6
    if all(size / rate <= seconds for size, seconds in work):
        assert pace.seconds <= busy + 1e-6


@given(WORK)
def test_without_a_rate_nothing_waits(work):
    clock = Clock()
    pace = Pace(None, wait=clock.sleep, clock=clock)
    for count, _ in work:
        pace.keep(count)
    assert pace.seconds == 0


def test_no_wait_goes_beyond_the_end():
    clock = Clock()
    pace = Pace(1, wait=clock.sleep, clock=clock)
    pace.keep(100, until=3)
    assert abs(pace.seconds - 3) < 1e-9
    pace.keep(200, until=3)
    assert abs(pace.seconds - 3) < 1e-9
