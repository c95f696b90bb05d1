"""A delivery with faults, each after the other in the order of the catalogue."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pyarrow as pa

from contracts import Contract
from lakehouse.dms.delivery import Delivery
from lakehouse.dms.faults import files
from lakehouse.dms.faults.catalogue import FAULTS, Fault


class FaultyDelivery(Delivery):
    """The same seed does the same to the same batches."""

    def __init__(self, faults: Sequence[Fault], seed: int = 0) -> None:
        order = list(FAULTS)
        self._faults = sorted(faults, key=lambda fault: order.index(fault.name))
        self._random = Random(seed)

    def contents(self, contract: Contract, batch: pa.RecordBatch) -> list[pa.RecordBatch]:
        """The batch as the faults change and cut it."""
        batches = [batch]
        for fault in self._faults:
            change = fault.kind.batches
            if change is not None:
                batches = [
                    changed
                    for given in batches
                    for changed in change(contract, given, fault.parameter, self._random)
                ]
        return batches

    def publish(
        self, hidden: Sequence[Path], bronze: Path, before_rename: Callable[[], None]
    ) -> list[Path]:
        """Publish what the faults leave; files held back by the flush before arrive after it."""
        arriving = files.late_files(bronze)
        given = list(hidden)
        for fault in self._faults:
            change = fault.kind.files
            if change is not None:
                given = change(given, fault.parameter, self._random)
        published = super().publish(given, bronze, before_rename)
        return [*published, *(files.arrive(late, bronze) for late in arriving)]


def release_late(bronze: Path) -> list[Path]:
    """Let every file arrive that a fault has held back; returns them."""
    return [files.arrive(late, bronze) for late in files.late_files(bronze)]
