"""What a DuckDB query over files read: how many of them, how many bytes, in which time."""

import json
import time
from dataclasses import dataclass
from typing import Any

import duckdb

ROUNDS = 3


@dataclass(frozen=True)
class Measured:
    """The answer, files and bytes read for it, and the best of ROUNDS times in seconds."""

    rows: list[tuple]
    files: int
    bytes: int
    seconds: float


def measure(sql: str) -> Measured:
    """Ask the files; nothing read before is remembered."""
    with duckdb.connect(config={"enable_external_file_cache": "false"}) as connection:
        connection.execute("set timezone = 'UTC'")
        best, rows = float("inf"), []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            rows = connection.execute(sql).fetchall()
            best = min(best, time.perf_counter() - started)
        ((_, text),) = connection.execute(f"explain (analyze, format json) {sql}").fetchall()
    profile = json.loads(text)
    return Measured(rows, _files(profile["operator"]), profile["io"]["total_bytes_read"], best)


def _files(operators: list[dict[str, Any]]) -> int:
    """Files that all scans below these operators have opened for their rows."""
    own = sum(int(o["extra_info"].get("Total Files Read", 0)) for o in operators)
    return own + sum(_files(o.get("children", [])) for o in operators)
