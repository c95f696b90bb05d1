"""A file is a sixteenth of its table, but neither tiny nor huge."""

import pytest

from spark_bronze_to_silver.file_sizes import (
    LARGEST,
    ROW_BYTES,
    SMALLEST,
    file_bytes,
    files_of_rows,
)


@pytest.mark.parametrize(
    ("table", "file"),
    [
        (0, SMALLEST),
        (16 * SMALLEST, SMALLEST),
        (32 * SMALLEST, 2 * SMALLEST),
        (16 * LARGEST, LARGEST),
        (1000 * LARGEST, LARGEST),
    ],
)
def test_a_file_is_a_sixteenth_within_limits(table, file):
    assert file_bytes(table) == file


@pytest.mark.parametrize(
    ("size", "files"),
    [(0, 1), (SMALLEST, 1), (SMALLEST + ROW_BYTES, 2), (100 * SMALLEST, 16), (32 * LARGEST, 32)],
)
def test_rows_are_written_in_as_many_files_as_their_size_asks_for(size, files):
    assert files_of_rows(size // ROW_BYTES) == files
