"""Ports and processes of this machine."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections import defaultdict

STOP_SECONDS = 30
# For Java: glibc would set memory aside for each of its threads.
LEAN = {"MALLOC_ARENA_MAX": "2"}


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def stop_process(pid: int, marker: str) -> None:
    """End the process of this number if its command line has the marker, and wait for its end.

    Numbers are used again, so one that was written down may be another process by now.
    """
    if marker not in _command_line(pid):
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            if marker not in _command_line(pid):
                return
            time.sleep(0.1)


def is_running(pid: int, marker: str) -> bool:
    """Whether this number is a process whose command line has the marker."""
    return marker in _command_line(pid)


def memory_mib(roots: list[int]) -> int:
    """Resident memory of these processes and all that they started, in MiB."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True
    ).stdout
    children, rss = defaultdict(list), {}
    for line in listed.splitlines():
        pid, parent, kilobytes = map(int, line.split())
        children[parent].append(pid)
        rss[pid] = kilobytes
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in seen:
            seen.add(pid)
            waiting += children[pid]
    return sum(rss.get(pid, 0) for pid in seen) // 1024


def _command_line(pid: int) -> str:
    # Without -ww a line ends at the width of the terminal.
    asked = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout
