"""Makes things ahead of the one that uses them, so that the generator and the server both work."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import Full, Queue
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")
AHEAD = 8
# How often a thread that waits for the other looks whether that one has given up.
LOOK_SECONDS = 0.1


class _Made(NamedTuple, Generic[Item]):
    item: Item


class _Ended(NamedTuple):
    error: BaseException | None


@contextmanager
def made_ahead(items: Iterable[Item]) -> Iterator[Iterator[Item]]:
    """The items, made by a second thread that is at most AHEAD items ahead.

    An error of the items is raised where they are used. Leaving the block ends the thread.
    """
    line: Queue[_Made[Item] | _Ended] = Queue(AHEAD)
    given_up = threading.Event()
    thread = threading.Thread(target=_make, args=(items, line, given_up), daemon=True)
    thread.start()
    try:
        yield _taken(line)
    finally:
        given_up.set()
        thread.join()


def _make(items: Iterable[Item], line: Queue, given_up: threading.Event) -> None:
    error: BaseException | None = None
    try:
        for item in items:
            _put(line, _Made(item), given_up)
            if given_up.is_set():
                return
    except BaseException as raised:
        error = raised
    _put(line, _Ended(error), given_up)


def _put(line: Queue, thing: "_Made | _Ended", given_up: threading.Event) -> None:
    while not given_up.is_set():
        with suppress(Full):
            line.put(thing, timeout=LOOK_SECONDS)
            return


def _taken(line: Queue) -> Iterator[Item]:
    while isinstance(thing := line.get(), _Made):
        yield thing.item
    if thing.error:
        raise thing.error
