"""Believable history for the eight tables.

A `SeedPlan` (volumes, dates, seed) becomes rows by pure functions (`generate`), which `load` writes
by COPY and `verify` checks by queries. The same plan always gives the same rows, ids included.
"""

from .generate import generate
from .load import SeedReport, seed_database
from .plan import SCALES, SeedPlan, Volumes

__all__ = ["SCALES", "SeedPlan", "SeedReport", "Volumes", "generate", "seed_database"]
