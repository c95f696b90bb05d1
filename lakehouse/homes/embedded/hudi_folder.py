"""A Hudi table's folder, read while a commit may be on its way to it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hudi import HudiTableBuilder

Read = TypeVar("Read")
# hudi-rs 0.5 does not export the class of its errors.
READ_ERROR = "HudiCoreError"
WAIT_SECONDS, PAUSE_SECONDS = 2.0, 0.05


def is_table(folder: Path) -> bool:
    """Whether the table's properties are there.

    Its folder and the timeline in it are made before them, so a reader that looks while the first
    commit begins sees a folder that is no table yet.
    """
    properties = folder / ".hoodie" / "hoodie.properties"
    return properties.is_file() and properties.stat().st_size > 0


def read_table(folder: Path, read: Callable[..., Read]) -> Read:
    """What `read` gives for the opened table.

    On a local disk Hudi names a file of the timeline before it fills it, and hudi-rs fails for one
    that is empty. That passes within moments; an error that stays is raised.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return read(HudiTableBuilder.from_base_uri(str(folder)).build())
        except Exception as error:
            if type(error).__name__ != READ_ERROR or time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_SECONDS)
