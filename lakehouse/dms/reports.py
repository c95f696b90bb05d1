"""What a replication did."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LoadReport:
    """What a full load wrote, by source table."""

    rows_by_table: Mapping[str, int]
    files: int
    seconds: float
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class ChangeReport:
    """What a reading of the changes wrote: changes by source table and operation (I, U, D).

    files and bytes are those of the Parquet files.
    """

    operations: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    transactions: int = 0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()

    @property
    def rows_by_table(self) -> dict[str, int]:
        """Changes by source table."""
        return {table: sum(by_op.values()) for table, by_op in self.operations.items()}

    def __add__(self, other: "ChangeReport") -> "ChangeReport":
        """The report of both readings."""
        tables = dict.fromkeys((*self.operations, *other.operations))
        return ChangeReport(
            operations={
                t: dict(Counter(self.operations.get(t)) + Counter(other.operations.get(t)))
                for t in tables
            },
            files=self.files + other.files,
            bytes=self.bytes + other.bytes,
            transactions=self.transactions + other.transactions,
            seconds=self.seconds + other.seconds,
            warnings=tuple(dict.fromkeys((*self.warnings, *other.warnings))),
        )
