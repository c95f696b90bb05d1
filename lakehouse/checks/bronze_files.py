"""Which Bronze files can be read: a delivery may break off, and Silver then keeps the file out."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def is_readable(file: Path) -> bool:
    """Whether it is a whole Parquet file, by its end."""
    try:
        pq.read_metadata(file)
    except (pa.ArrowInvalid, OSError):
        return False
    return True
