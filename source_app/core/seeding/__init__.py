"""Believable history for the eight tables.

A `SeedPlan` (volumes, dates, seed, dirt) becomes rows by pure functions (`generate`), which `load`
writes by COPY and `verify` checks by queries. An `Addition` gives further rows to the tenants that
are there, by the same functions. The same plan always gives the same rows, ids included.
"""

from .dirt.shares import DEFAULT_DIRT_NAME, DIRTS, Dirt
from .generate import generate
from .load import SeedReport, add_rows, seed_database
from .plan import SCALES, Addition, History, SeedPlan, Volumes

__all__ = [
    "DEFAULT_DIRT_NAME",
    "DIRTS",
    "SCALES",
    "Addition",
    "Dirt",
    "History",
    "SeedPlan",
    "SeedReport",
    "Volumes",
    "add_rows",
    "generate",
    "seed_database",
]
