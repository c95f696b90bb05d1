"""The faults by name, with their parameters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa

from contracts import Contract
from lakehouse.dms.errors import SettingsError
from lakehouse.dms.faults import files, rows

# Not a fault of batches or files: the task loads all tables anew after its changes.
RESTART = "restart"

Batches = Callable[[Contract, pa.RecordBatch, float, Random], list[pa.RecordBatch]]
Files = Callable[[list[Path], float, Random], list[Path]]


@dataclass(frozen=True)
class Kind:
    """A kind of fault. parameter says what its number is, default is that number.

    loses says that Bronze holds less than the source has sent.
    """

    parameter: str
    default: float
    loses: bool = False
    batches: Batches | None = None
    files: Files | None = None


@dataclass(frozen=True)
class Fault:
    """A fault with its number."""

    name: str
    parameter: float

    @property
    def kind(self) -> Kind:
        """What it does."""
        return FAULTS[self.name]


def parse_faults(texts: Sequence[str]) -> list[Fault]:
    """Faults from texts NAME or NAME:PARAM. Raises SettingsError naming what is not known."""
    found = []
    for text in texts:
        name, _, given = text.partition(":")
        if name not in FAULTS:
            raise SettingsError(
                f"there is no fault {name!r}; nothing was replicated. "
                f"There are: {', '.join(sorted(FAULTS))}."
            )
        try:
            found.append(Fault(name, float(given) if given else FAULTS[name].default))
        except ValueError as error:
            raise SettingsError(
                f"the parameter of fault {text!r} is no number ({FAULTS[name].parameter}); "
                "nothing was replicated."
            ) from error
    return found


def skewed(clock: Callable[[], datetime], faults: Sequence[Fault]) -> Callable[[], datetime]:
    """The clock, as wrong as the faults say."""
    seconds = sum(fault.parameter for fault in faults if fault.name == CLOCK_SKEW)
    return lambda: clock() + timedelta(seconds=seconds)


def _same(change: Callable[[Contract, pa.RecordBatch, float], pa.RecordBatch]) -> Batches:
    return lambda contract, batch, number, _: [change(contract, batch, number)]


def _split(
    _: Contract, batch: pa.RecordBatch, parts: float, random: Random
) -> list[pa.RecordBatch]:
    """Up to so many parts, cut anywhere."""
    cuts = sorted(random.sample(range(1, batch.num_rows), min(int(parts), batch.num_rows) - 1))
    ends = [*cuts, batch.num_rows]
    return [batch.slice(a, b - a) for a, b in zip([0, *cuts], ends, strict=True)]


def _some(change: Callable[[Path], list[Path]]) -> Files:
    """The change, on a share of the files."""

    def changed(given: list[Path], share: float, random: Random) -> list[Path]:
        made = [change(file) if random.random() < share else [file] for file in given]
        return [file for part in made for file in part]

    return changed


CLOCK_SKEW = "clock-skew"
SHARE = "share of files, 0 to 1"
# In the order in which they are applied: rows, files as a whole, broken files, names.
FAULTS = {
    "ties": Kind("not used", 0, batches=_same(lambda _, b, __: rows.tie_commit_times(b))),
    "key-only-delete": Kind(
        "not used", 0, loses=True, batches=_same(lambda c, b, _: rows.leave_key_of_deletes(c, b))
    ),
    "null-toast": Kind(
        "bytes",
        2000,
        loses=True,
        batches=_same(lambda c, b, n: rows.lose_large_values(c, b, int(n))),
    ),
    "cut-lob": Kind(
        "KB", 1, loses=True, batches=_same(lambda c, b, n: rows.cut_large_values(c, b, int(n)))
    ),
    "schema-change": Kind(
        SHARE,
        0.5,
        batches=lambda c, b, _, r: _split(c, b, 2, r),
        files=_some(lambda file: [files.add_column(file)]),
    ),
    "duplicate": Kind(SHARE, 1, files=_some(files.duplicate)),
    "truncated": Kind(SHARE, 1, files=_some(files.truncate)),
    "empty": Kind(SHARE, 1, files=_some(files.empty)),
    "reorder": Kind(
        "files a batch is cut into",
        3,
        batches=_split,
        files=lambda given, _, random: files.shuffle_names(given, random),
    ),
    "late": Kind(SHARE, 1, files=_some(files.hold_back)),
    CLOCK_SKEW: Kind("seconds, may be negative", -3600),
    RESTART: Kind("not used", 0),
}
