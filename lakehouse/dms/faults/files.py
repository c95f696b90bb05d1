"""Faults of files. Each takes the hidden files of a flush and gives those that get names now.

They work on the files' names and bytes. What they make is durable before the flush ends, so a
kill in between loses nothing.
"""

import shutil
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from lakehouse.dms.writer import HIDDEN_PREFIX, hidden_path, publish, shown_path, sync

# A late file keeps this name until it arrives. Readers skip it, and nothing removes it.
LATE_SUFFIX = ".late"
ADDED_COLUMN = "added_meanwhile"


def hold_back(file: Path) -> list[Path]:
    """The file does not get its name now; `late_files` finds it."""
    place = _free_beside(shown_path(file), HIDDEN_PREFIX, LATE_SUFFIX)
    file.rename(file.with_name(HIDDEN_PREFIX + place.name + LATE_SUFFIX))
    sync(file.parent)
    return []


def late_files(bronze: Path) -> list[Path]:
    """Files that were held back."""
    return sorted(bronze.rglob(f"{HIDDEN_PREFIX}*{LATE_SUFFIX}"))


def arrive(late: Path, bronze: Path) -> Path:
    """The file gets the name that it was to have, or the next free one; returns it."""
    name = late.name.removeprefix(HIDDEN_PREFIX).removesuffix(LATE_SUFFIX)
    hidden = hidden_path(_free_beside(late.with_name(name)))
    late.rename(hidden)
    return publish(hidden, bronze)


def duplicate(file: Path) -> list[Path]:
    """The file, and a copy of it under the next free name."""
    copy = _hidden_copy(file)
    sync(copy)
    return [file, copy]


def shuffle_names(files: Sequence[Path], random: Random) -> list[Path]:
    """The files of each folder change names among each other."""
    by_folder: dict[Path, list[Path]] = defaultdict(list)
    for file in files:
        by_folder[file.parent].append(file)
    for members in by_folder.values():
        names = random.sample(members, len(members))
        aside = [file.rename(file.with_name(file.name + ".aside.tmp")) for file in members]
        for file, name in zip(aside, names, strict=True):
            file.rename(name)
    return random.sample(list(files), len(files))


def add_column(file: Path) -> Path:
    """The Parquet file has one more column, as after ALTER TABLE ADD COLUMN; others are as is.

    So is one that has it: the fault may be named more than once.
    """
    if shown_path(file).suffix != ".parquet" or ADDED_COLUMN in pq.read_schema(file).names:
        return file
    table = pq.read_table(file)
    added = pa.repeat(pa.scalar("later"), table.num_rows)
    place = table.num_columns - 1
    pq.write_table(table.add_column(place, ADDED_COLUMN, added), file, compression="gzip")
    sync(file)
    return file


def truncate(file: Path) -> list[Path]:
    """A copy of the file that ends in its midst, and the file."""
    copy = _hidden_copy(file)
    with copy.open("r+b") as broken:
        broken.truncate(file.stat().st_size // 2)
    sync(copy)
    return [copy, file]


def empty(file: Path) -> list[Path]:
    """A file of no bytes, and the file."""
    copy = _hidden_copy(file)
    copy.write_bytes(b"")
    sync(copy)
    return [copy, file]


def _hidden_copy(file: Path) -> Path:
    copy = hidden_path(_free_beside(shown_path(file)))
    shutil.copyfile(file, copy)
    return copy


def _free_beside(path: Path, *around: str) -> Path:
    """The path, or the next one in milliseconds of which no file is there, hidden or not.

    around is what a hidden name has before and behind it; without, a name and a hidden one count.
    """
    stem, suffix = path.name.split(".", 1)
    for later in count():
        name = f"{stem[:-9]}{_milliseconds_later(stem[-9:], later)}.{suffix}"
        free = path.with_name(name)
        others = (
            [free.with_name(around[0] + free.name + around[1])]
            if around
            else [free, hidden_path(free)]
        )
        if not any(other.exists() for other in others):
            return free
    raise AssertionError("count() does not end")


def _milliseconds_later(digits: str, milliseconds: int) -> str:
    """HHMMSSmmm, so much later; past midnight it begins anew."""
    moment = timedelta(
        hours=int(digits[:2]),
        minutes=int(digits[2:4]),
        seconds=int(digits[4:6]),
        milliseconds=int(digits[6:]) + milliseconds,
    )
    whole = int(moment / timedelta(milliseconds=1)) % 86_400_000
    seconds, thousandths = divmod(whole, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}{minute:02d}{second:02d}{thousandths:03d}"
