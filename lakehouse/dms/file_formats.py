"""The two formats of Bronze files. A file writer takes batches and knows how large its file is."""

import gzip
from contextlib import ExitStack
from io import BufferedWriter
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lakehouse.dms.settings import S3TargetSettings

# DMS does not document its level. This one costs half the time of the default.
GZIP_LEVEL = 1
PARQUET_VERSIONS = {"parquet-1-0": "1.0", "parquet-2-0": "2.6"}


class FileWriter(Protocol):
    """Writes batches of one schema to an open file."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows."""

    def close(self) -> None:
        """Write what is still missing; the file itself stays open."""


def file_writer(file: BufferedWriter, schema: pa.Schema, settings: S3TargetSettings) -> FileWriter:
    """A writer of the format that the settings name."""
    kind = ParquetFileWriter if settings.data_format == "parquet" else CsvFileWriter
    return kind(file, schema, settings)


class ParquetFileWriter:
    """Parquet, a row group per batch and at least every RowGroupLength rows."""

    def __init__(self, file: BufferedWriter, schema: pa.Schema, settings: S3TargetSettings) -> None:
        compressed = settings.compression_type == "GZIP"
        self._row_group_rows = settings.row_group_length
        self._writer = pq.ParquetWriter(
            file,
            schema,
            version=PARQUET_VERSIONS[settings.parquet_version],
            compression="gzip" if compressed else "none",
            compression_level=GZIP_LEVEL if compressed else None,
            use_dictionary=settings.encoding_type != "plain",
            write_statistics=settings.enable_statistics,
        )

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows."""
        self._writer.write_batch(batch, row_group_size=self._row_group_rows)

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


class CsvFileWriter:
    """Delimited text. Without AddColumnName, columns are known by their position only."""

    def __init__(self, file: BufferedWriter, schema: pa.Schema, settings: S3TargetSettings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._file = file
        if settings.compression_type == "GZIP":
            zipped = gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0)
            self._file = self._stack.enter_context(zipped)
        if settings.add_column_name:
            names = [_quoted(pa.array([name]), settings)[0].as_py() for name in schema.names]
            line = settings.csv_delimiter.join(names) + settings.csv_row_delimiter
            self._file.write(line.encode())

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows."""
        if not batch.num_rows:
            return
        end = self._settings.csv_row_delimiter
        lines = csv_lines(batch, self._settings)
        self._file.write((end.join(lines.to_pylist()) + end).encode())

    def close(self) -> None:
        """End the compressed stream."""
        self._stack.close()


def csv_lines(batch: pa.RecordBatch, settings: S3TargetSettings) -> pa.StringArray:
    """One text per row, without the row delimiter.

    Null is CsvNullValue and an empty text is nothing, neither of them quoted. So a text that
    reads like CsvNullValue cannot be told from null, nor an empty text when CsvNullValue is empty.
    """
    columns = [
        pc.fill_null(_quoted(pc.cast(column, pa.string()), settings), settings.csv_null_value)
        for column in batch.columns
    ]
    return pc.binary_join_element_wise(*columns, settings.csv_delimiter)


def _quoted(text: pa.StringArray, settings: S3TargetSettings) -> pa.StringArray:
    """With Rfc4180, text that holds a quote, a delimiter or a line's end stands in quotes."""
    if not settings.rfc4180:
        return text
    marks = {'"', "\n", "\r", settings.csv_delimiter, settings.csv_row_delimiter}
    hits = [pc.match_substring(text, mark) for mark in sorted(marks)]
    needs = hits[0]
    for hit in hits[1:]:
        needs = pc.or_(needs, hit)
    if not pc.any(needs).as_py():
        return text
    doubled = pc.replace_substring(text, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), text)
