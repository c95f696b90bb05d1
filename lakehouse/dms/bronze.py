"""The Bronze layer of one task: names of its files, their columns, and how they are written.

docs/dms-layout.md is the contract of the layout; its tables are tested against what is written.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import pyarrow as pa

from contracts import Contract
from lakehouse.dms.bronze_types import CHANGE_SEQ, COMMITTED_AT, OP, bronze_schema
from lakehouse.dms.file_formats import file_writer
from lakehouse.dms.large_objects import limited
from lakehouse.dms.settings import DmsSettings
from lakehouse.dms.table_mappings import TableMappings
from lakehouse.dms.writer import HIDDEN_PREFIX, HIDDEN_SUFFIX, hidden_path, sync

# DatePartitionSequence as strftime; the delimiter stands where the space is.
DATE_FOLDERS = {
    "YYYYMMDD": "%Y %m %d",
    "YYYYMMDDHH": "%Y %m %d %H",
    "YYYYMM": "%Y %m",
    "MMYYYYDD": "%m %Y %d",
    "DDMMYYYY": "%d %m %Y",
}
DELIMITERS = {"SLASH": "/", "UNDERSCORE": "_", "DASH": "-", "NONE": ""}


class Bronze:
    """Where a task writes, and how. `warnings` says which values were cut off."""

    def __init__(self, root: Path, settings: DmsSettings, mappings: TableMappings) -> None:
        self.root = root
        self.warnings: list[str] = []
        self._settings, self._mappings = settings, mappings
        self._target = settings.target

    def table_folder(self, contract: Contract) -> Path:
        """Folder of the table: <root>/<schema>/<table>."""
        return self.root / contract.bronze_folder

    def load_path(self, contract: Contract, number: int) -> Path:
        """The number-th full-load file; DMS counts in hexadecimal."""
        return self.table_folder(contract) / f"LOAD{number:08X}{self._target.suffix}"

    def change_folder(self, committed: datetime) -> str:
        """Folder below the table's for changes of that commit time; empty without partitions."""
        if not self._target.date_partition_enabled:
            return ""
        words = committed.astimezone(self._target.zone).strftime(
            DATE_FOLDERS[self._target.date_partition_sequence]
        )
        return words.replace(" ", DELIMITERS[self._target.date_partition_delimiter])

    def free_change_path(
        self, contract: Contract, folder: str, now: datetime, taken: Collection[Path] = ()
    ) -> Path:
        """A CDC file neither there nor taken: the time of writing in ms, or the next free one."""
        parent = self.table_folder(contract) / folder
        now = now.astimezone(self._target.zone)
        while True:
            stem = f"{now:%Y%m%d-%H%M%S}{now.microsecond // 1000:03d}"
            path = parent / f"{stem}{self._target.suffix}"
            if path not in taken and not path.exists():
                return path
            now += timedelta(milliseconds=1)

    def has_files(self, contract: Contract) -> bool:
        """Whether the table has any file that is complete."""
        names = self.table_folder(contract).rglob(f"[!{HIDDEN_PREFIX}]*")
        return any(path.is_file() for path in names)

    def remove_hidden(self, contracts: Iterable[Contract]) -> None:
        """Remove files that a killed task left without giving them their name."""
        for contract in contracts:
            pattern = f"{HIDDEN_PREFIX}*{HIDDEN_SUFFIX}"
            for leftover in self.table_folder(contract).rglob(pattern):
                leftover.unlink()

    def schema(self, contract: Contract, *, is_load: bool) -> pa.Schema:
        """Names and types of a file's columns, in order."""
        places, names = self._columns(contract, is_load)
        types = bronze_schema(contract).types
        return pa.schema([(name, types[p]) for p, name in zip(places, names, strict=True)])

    def write_load(
        self, contract: Contract, batches: Iterator[pa.RecordBatch]
    ) -> tuple[list[Path], int]:
        """Write hidden full-load files of MaxFileSize; returns them and the number of rows.

        A file ends with the first batch that makes it that large.
        """
        files, rows = [], 0
        limit = self._target.max_file_size * 1024
        first = next(batches, None)
        while first is not None:
            path = self.load_path(contract, len(files) + 1)
            part = chain([first], batches)
            hidden, written = self._write(path, contract, part, is_load=True, limit=limit)
            files.append(hidden)
            rows += written
            first = next(batches, None)
        return files, rows

    def write_changes(self, path: Path, contract: Contract, batch: pa.RecordBatch) -> Path:
        """Write one hidden CDC file; returns it."""
        return self._write(path, contract, [batch], is_load=False)[0]

    def _write(
        self,
        path: Path,
        contract: Contract,
        batches: Iterable[pa.RecordBatch],
        *,
        is_load: bool,
        limit: float = float("inf"),
    ) -> tuple[Path, int]:
        path.parent.mkdir(parents=True, exist_ok=True)
        hidden = hidden_path(path)
        places, _ = self._columns(contract, is_load)
        schema = self.schema(contract, is_load=is_load)
        rows = 0
        with hidden.open("wb") as file, closing(file_writer(file, schema, self._target)) as writer:
            for batch in batches:
                arrays = self._limited(contract, batch).columns
                written = [arrays[place] for place in places]
                writer.write(pa.RecordBatch.from_arrays(written, schema=schema))
                rows += batch.num_rows
                if file.tell() >= limit:
                    break
        sync(hidden)
        return hidden, rows

    def _limited(self, contract: Contract, batch: pa.RecordBatch) -> pa.RecordBatch:
        batch, warnings = limited(
            contract,
            batch,
            max_kilobytes=self._settings.task.target_metadata.lob_max_size,
            refuse=self._settings.source.fail_tasks_on_lob_truncation,
        )
        self.warnings += warnings
        return batch

    def _columns(self, contract: Contract, is_load: bool) -> tuple[list[int], list[str]]:
        """Which columns of bronze_schema a file has, and their names in the file."""
        own = {
            OP: OP if self._target.include_op_for_full_load or not is_load else None,
            COMMITTED_AT: self._target.timestamp_column_name or None,
            CHANGE_SEQ: self._mappings.sequence_column(contract),
        }
        named = [(p, own.get(n, n)) for p, n in enumerate(bronze_schema(contract).names)]
        kept = [(place, name) for place, name in named if name is not None]
        return [place for place, _ in kept], [name for _, name in kept]
