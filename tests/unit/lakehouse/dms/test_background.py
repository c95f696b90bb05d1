"""Work in the background: in order, bounded, and nothing after a failure."""

import threading

import pytest

from lakehouse.dms.background import MAX_WAITING, InOrder


class KilledError(BaseException):
    """Not an Exception, as a kill is none."""


def test_work_is_done_in_its_order():
    done = []
    with InOrder("test") as background:
        for number in range(20):
            background.do(lambda n=number: done.append(n))
        background.finish()
        assert background.is_idle
    assert done == list(range(20))


def test_a_failure_is_raised_and_nothing_after_it_is_done():
    done, gate = [], threading.Event()

    def fail():
        gate.wait()
        raise KilledError

    with pytest.raises(KilledError), InOrder("test") as background:
        background.do(fail)
        background.do(lambda: done.append("after the failure"))
        gate.set()
        background.finish()
    assert done == []


def test_an_error_of_the_caller_leaves_waiting_work_undone():
    done, gate = [], threading.Event()
    with pytest.raises(ValueError, match="mine"), InOrder("test") as background:
        background.do(gate.wait)
        background.do(lambda: done.append(1))
        threading.Timer(0.05, gate.set).start()
        raise ValueError("mine")
    assert done == []


def test_no_more_than_a_few_pieces_wait():
    gate, given = threading.Event(), []

    def give():
        with InOrder("test") as background:
            for number in range(10):
                background.do(gate.wait)
                given.append(number)

    giver = threading.Thread(target=give)
    giver.start()
    giver.join(0.3)
    assert len(given) <= MAX_WAITING + 2
    gate.set()
    giver.join(5)
    assert len(given) == 10
