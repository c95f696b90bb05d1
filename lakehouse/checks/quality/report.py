"""Builds the data-quality report and returns its figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from contracts import Contract


@dataclass(frozen=True)
class TableQuality:
    """What the expectations found in one Silver table; tombstones count as rows.

    valid_rows are the rows that no expectation names as unexpected. failed counts expectations:
    failed = failed_critical + failed_warning.
    """

    table: str
    rows: int
    valid_rows: int
    expectations: int
    failed_critical: int
    failed_warning: int

    @property
    def failed(self) -> int:
        """Expectations that do not hold."""
        return self.failed_critical + self.failed_warning

    @property
    def valid_share(self) -> float:
        """Share of rows with no failed expectation, 0 to 1; 1 for an empty table."""
        return self.valid_rows / self.rows if self.rows else 1.0


@dataclass(frozen=True)
class QualityReport:
    """One TableQuality per table, in the order of the contracts, and where the pages start."""

    tables: tuple[TableQuality, ...]
    index: Path

    @property
    def passed(self) -> bool:
        """Whether every expectation of every table holds."""
        return self.failed == 0

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(t.rows for t in self.tables)

    @property
    def expectations(self) -> int:
        """Expectations of all tables."""
        return sum(t.expectations for t in self.tables)

    @property
    def failed(self) -> int:
        """Expectations that do not hold, in all tables."""
        return sum(t.failed for t in self.tables)

    @property
    def failed_critical(self) -> int:
        """Critical expectations that do not hold, in all tables."""
        return sum(t.failed_critical for t in self.tables)

    @property
    def valid_share(self) -> float:
        """Share of all rows with no failed expectation, 0 to 1; 1 when there are no rows."""
        return sum(t.valid_rows for t in self.tables) / self.rows if self.rows else 1.0


def build_report(
    connection: duckdb.DuckDBPyConnection,
    contracts: Iterable[Contract],
    folder: Path,
    *,
    on_table: Callable[[str], None] = lambda name: None,
) -> QualityReport:
    """Check `lakehouse_silver.<table>` for every contract and write the pages below folder.

    The pages of an earlier run in that folder are replaced; other files in it stay. on_table is
    called with a table's name when its turn comes. Failed expectations raise nothing: the
    caller decides by the figures. Raises QualityReportError when a page could not be written.
    """
    # Great Expectations takes seconds to import, which only this function should cost.
    from lakehouse.checks.quality.data_docs import DataDocs
    from lakehouse.checks.quality.validate import quiet, validate

    tables = []
    with quiet():
        docs = DataDocs(folder)
        for contract in contracts:
            on_table(contract.name)
            quality, result = validate(docs.context, connection, contract)
            docs.add(quality, result)
            tables.append(quality)
        return QualityReport(tuple(tables), docs.write())
