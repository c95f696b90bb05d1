"""Faults on demand: what a real task, or a bad day, may do to Bronze files.

A fault changes batches before they are written, or files before they have their names. The
reading, the state and the acknowledgement do not know of it. docs/reference/dms-faults.md says
what each one does and what Silver makes of it.
"""

from lakehouse.dms.faults.catalogue import FAULTS, RESTART, Fault, parse_faults, skewed
from lakehouse.dms.faults.delivery import FaultyDelivery, release_late

__all__ = ["FAULTS", "RESTART", "Fault", "FaultyDelivery", "parse_faults", "release_late", "skewed"]
