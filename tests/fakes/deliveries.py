"""Generated histories of a source table as DMS delivers them, and what Silver must make of them.

A history is one tenant's: changes, full loads at any point, and gaps before a load whose changes no
file holds. A row of it is (tenant, key, op, value, sequence, committed at); what the value is of,
the test decides. A full-load row has no sequence.
"""

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence

MOMENTS = 14
KEYS = "abcd"
Row = tuple[str, str, str, str, str, str]
# Whether the file is one of a full load, and its rows.
File = tuple[bool, list[Row]]


def order(moment: int) -> str:
    """Change sequence of the changes that commit at this moment; 0 counts as a load's start."""
    return f"20260102030405{moment:02d}{'0' * 18}1"


def start(moment: int) -> str:
    """The place among change sequences of a load that starts at this moment."""
    return f"20260102030405{moment:02d}{'0' * 19}"


def history(
    rng: random.Random, tenant: str, values: Sequence[str], loads: set[int], gaps: set[int]
) -> tuple[list[Row], dict[str, str]]:
    """The rows that DMS delivers for one tenant, and the rows that the source holds at the end.

    At each moment either a load starts or one change commits, which in a gap nobody delivers.
    """
    rows: list[Row] = []
    present: dict[str, str] = {}
    for moment in range(MOMENTS):
        at = f"2026-01-02 03:04:05.{moment:02d}0000"
        if moment in loads:
            rows += [(tenant, key, "I", value, "", at) for key, value in present.items()]
            continue
        key = rng.choice(KEYS)
        op = rng.choice("UUD") if key in present else "I"
        present[key] = value = rng.choice(values)
        if op == "D":
            del present[key]
        if moment not in gaps:
            rows.append((tenant, key, op, value, order(moment), at))
    return rows, present


def files_of(rng: random.Random, rows: list[Row]) -> list[File]:
    """The rows, a quarter of them twice, in files of any order.

    A file holds changes, or rows of one load, as DMS writes them.
    """
    rows = [*rows, *rng.choices(rows, k=len(rows) // 4)] if rows else []
    rng.shuffle(rows)
    files = []
    for (is_load, _), members in itertools.groupby(sorted(rows, key=_kind), key=_kind):
        members = list(members)
        rng.shuffle(members)
        cut = rng.randint(0, len(members))
        files += [(is_load, part) for part in (members[:cut], members[cut:]) if part]
    rng.shuffle(files)
    return files


def newest_load(files: Iterable[File]) -> int | None:
    """The moment of the newest load that a file tells of."""
    return max((int(r[5][20:22]) for is_load, rows in files if is_load for r in rows), default=None)


def model(files: Iterable[File]) -> dict[tuple[str, str], tuple[bool, str | None, str]]:
    """(tenant, key) to (is_deleted, value, source_order) after all files have arrived.

    The rules in plain Python: the highest place wins, and what is not in the newest load is gone.
    """
    files = list(files)
    load = newest_load(files)
    floor = "" if load is None else start(load)
    state: dict[tuple[str, str], tuple[bool, str | None, str]] = {}
    for tenant, key, op, value, seq, at in _rows(files):
        placed = seq or start(int(at[20:22]))
        if (tenant, key) not in state or placed >= state[tenant, key][2]:
            state[tenant, key] = (op == "D", value, placed)
    absent = (True, None, str(int(floor or "0") - 1).zfill(35))
    return {k: absent if row[2] < floor else row for k, row in state.items()}


def _rows(files: Iterable[File]) -> Iterator[Row]:
    for _, rows in files:
        yield from rows


def _kind(row: Row) -> tuple[bool, str]:
    is_load = row[4] == ""
    return (is_load, row[5] if is_load else "")
