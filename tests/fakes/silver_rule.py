"""How Silver reads the Bronze files of one table, in a dozen lines and without Spark.

A full-load row sorts by the start of its load against the time part of change sequences. A row
that sorts before the newest load is gone: that load would have had it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any


def silver(
    rows: Iterable[Mapping[str, Any]], load_started: Mapping[str, datetime], table: str = "tenant"
) -> dict[str, Mapping[str, Any]]:
    """The live rows by id; load_started is what the task says of its newest loads."""
    newest = f"{load_started[table]:%Y-%m-%d %H:%M:%S.%f}" if table in load_started else ""
    last: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for row in rows:
        is_load = row["dms_change_seq"] == ""
        if is_load:
            newest = max(newest, row["dms_committed_at"])
        place = _digits(row["dms_committed_at"]) if is_load else row["dms_change_seq"]
        if row["id"] not in last or place > last[row["id"]][0]:
            last[row["id"]] = place, row
    floor = _digits(newest) if newest else ""
    return {k: row for k, (place, row) in last.items() if place >= floor and row["Op"] != "D"}


def _digits(moment: str) -> str:
    """A load's place among change sequences."""
    return "".join(c for c in moment if c.isdigit())[:16] + "0" * 19
