"""Batches of changes, and the CDC files that they become."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from contracts import Contract
from lakehouse.dms.batches import FolderBatch
from lakehouse.dms.bronze import Bronze
from lakehouse.dms.bronze_types import OP
from lakehouse.dms.delivery import Delivery

# Compression is most of the work, and Arrow does it without holding up other threads. While more
# is received, the other processors are the receiver's and the server's.
WRITERS, LAST_WRITERS = 1, 2


class CdcFiles:
    """Changes that are not in a file yet, and a count of those that are, by source table."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self.operations: dict[str, Counter[str]] = defaultdict(Counter)
        self.written: list[Path] = []
        self._contracts: dict[str, Contract] = {}
        self._batches: dict[tuple[str, str], list[pa.RecordBatch]] = defaultdict(list)

    def add(self, batches: Iterable[FolderBatch]) -> None:
        """Keep these changes for the next files."""
        for contract, folder, batch in batches:
            if batch.num_rows:
                self._contracts[contract.name] = contract
                self._batches[contract.name, folder].append(batch)

    def write(
        self,
        bronze: Bronze,
        clock: Callable[[], datetime],
        before_rename: Callable[[], None],
        *,
        writers: int = WRITERS,
    ) -> None:
        """Write everything to files, durably: one file a table and date folder."""
        planned: dict[Path, tuple[Contract, pa.RecordBatch]] = {}
        for (name, folder), batches in self._batches.items():
            contract, batch = self._contracts[name], pa.concat_batches(batches)
            for content in self._delivery.contents(contract, batch):
                path = bronze.free_change_path(contract, folder, clock(), planned)
                planned[path] = contract, content
        with ThreadPoolExecutor(writers, thread_name_prefix="parquet") as pool:
            hidden = list(pool.map(lambda p: bronze.write_changes(p, *planned[p]), planned))
        self.written += self._delivery.publish(hidden, bronze.root, before_rename)
        for (name, _), batches in self._batches.items():
            self._count(self._contracts[name], batches)
        self._batches.clear()

    def _count(self, contract: Contract, batches: list[pa.RecordBatch]) -> None:
        counts = self.operations[contract.source_table]
        for batch in batches:
            for found in pc.value_counts(batch[OP]).to_pylist():
                counts[found["values"]] += found["counts"]
