"""What the Silver job notes in its commits, read without Spark."""

import json
from collections.abc import Iterator
from pathlib import Path

from lakehouse.homes.embedded.hudi_folder import is_table, read_table
from spark_bronze_to_silver.notes import PREFIX


def noted(table: Path, name: str) -> Iterator[tuple[str, str]]:
    """Instant and text of a note, of every commit that has it, the newest first."""
    if not is_table(table):
        return
    timeline = read_table(table, lambda hudi: hudi.get_timeline())
    for instant in timeline.get_completed_commits(desc=True):
        extra = json.loads(timeline.get_instant_metadata_in_json(instant))["extraMetadata"]
        if (text := extra.get(f"{PREFIX}{name}")) is not None:
            yield instant.timestamp, text
