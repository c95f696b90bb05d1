"""How batches of changes become files with a name. faults/ has other ways, for tests and demos."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa

from contracts import Contract
from lakehouse.dms.writer import publish


class Delivery:
    """One file a batch; files get their names one after the other."""

    def contents(self, contract: Contract, batch: pa.RecordBatch) -> list[pa.RecordBatch]:
        """What is written for a batch: a file for each of these."""
        return [batch]

    def publish(
        self, hidden: Sequence[Path], bronze: Path, before_rename: Callable[[], None]
    ) -> list[Path]:
        """Give these complete files their names, durably; returns the files that are there then."""
        published = []
        for file in hidden:
            before_rename()
            published.append(publish(file, bronze))
        return published
