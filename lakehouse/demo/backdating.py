"""Gives commits of a Silver table an earlier date, so that a week can pass in a demonstration.

Hudi names a commit by the clock, in the timeline, in the names of data files and in the commit's
metadata. All three are renamed; rows stay as the job wrote them. Only for tables that a
demonstration has made for itself.
"""

from datetime import datetime
from pathlib import Path

from spark_bronze_to_silver.instants import instant_of


def backdate(table: Path, instant: str, moment: datetime) -> str:
    """Let the commit have happened at that moment; returns its new name."""
    new = instant_of(moment)
    for path in sorted(p for p in table.rglob("*") if p.is_file()):
        if path.suffix == ".crc":
            # A checksum of what is about to change; Hadoop does without.
            path.unlink()
            continue
        if path.parent.name == ".hoodie" and path.suffix == ".commit":
            path.write_text(path.read_text().replace(instant, new))
        if instant in path.name:
            path.rename(path.with_name(path.name.replace(instant, new)))
    return new
