"""How large the files of a table are.

A change writes the files anew that hold the rows it touches. Most changes are of recent rows, and
rows lie in files by their age, so one file's share of the table is what such a change costs. Many
small files cost every reader instead. Between the two: a sixteenth of the table, within limits.
"""

import math

FILES = 16
SMALLEST, LARGEST = 4 << 20, 120 << 20
# An upsert fills files below this share of the size with new rows.
FULL = 5 / 6
# What rows of the large tables take in a file (decision 0056).
ROW_BYTES = 140


def file_bytes(table_bytes: int) -> int:
    """The size of a file, in a table of so many bytes."""
    return min(max(math.ceil(table_bytes / FILES), SMALLEST), LARGEST)


def files_of_rows(rows: int) -> int:
    """In how many files so many rows are written first, at least one."""
    size = rows * ROW_BYTES
    return max(1, math.ceil(size / file_bytes(size)))
