"""How long changes take from the source's commit to Silver, of every change in Bronze's files."""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from contracts import Contract
from lakehouse.checks.bronze_files import is_readable
from lakehouse.live.status import Latency

COMMITTED_AT = "dms_committed_at"
FORM = "%Y-%m-%d %H:%M:%S.%f"
WINDOW_SECONDS = 120.0


class NewFiles:
    """Files with changes that came to Bronze since the last look."""

    def __init__(self, bronze: Path, contracts: Mapping[str, Contract]) -> None:
        self._folders = {name: bronze / c.bronze_folder for name, c in contracts.items()}
        self._seen: dict[str, set[tuple[str, int]]] = {name: set() for name in contracts}

    def look(self) -> dict[str, list[Path]]:
        """New or rewritten files by table; tables without any are left out.

        A file counts as seen from now on.
        """
        found = {table: self.look_at(table) for table in self._folders}
        return {table: paths for table, paths in found.items() if paths}

    def look_at(self, table: str) -> list[Path]:
        """The same for one table."""
        found = []
        for path in self._folders[table].rglob("[!._]*.parquet"):
            identity = (str(path), path.stat().st_mtime_ns)
            if identity not in self._seen[table]:
                self._seen[table].add(identity)
                found.append(path)
        return found

    def forget(self, files: Mapping[str, list[Path]]) -> None:
        """Let these files be new again: what was to be done with them failed."""
        for table, paths in files.items():
            gone = set(map(str, paths))
            self._seen[table] = {i for i in self._seen[table] if i[0] not in gone}


class Latencies:
    """The seconds of the changes that arrived in the last WINDOW_SECONDS, and their percentiles."""

    def __init__(self) -> None:
        self._arrived: deque[tuple[float, float]] = deque()

    def arrived(self, files: list[Path], at: float) -> None:
        """The changes in these files can be queried since `at` (epoch seconds).

        Loaded rows are left out: they were committed long before anybody asked for them. So are
        files that cannot be read, which Silver keeps out.
        """
        for path in files:
            if not path.name.startswith("LOAD") and is_readable(path):
                for text in pq.read_table(path, columns=[COMMITTED_AT])[0].to_pylist():
                    committed = datetime.strptime(text, FORM).replace(tzinfo=UTC)
                    self._arrived.append((at, at - committed.timestamp()))

    def summary(self, now: float) -> Latency:
        """Percentiles of what arrived in the window before now (epoch seconds)."""
        while self._arrived and self._arrived[0][0] < now - WINDOW_SECONDS:
            self._arrived.popleft()
        if not self._arrived:
            return Latency()
        seconds = [taken for _, taken in self._arrived]
        p50, p95 = np.percentile(seconds, [50, 95])
        return Latency(len(seconds), float(p50), float(p95), max(seconds))
