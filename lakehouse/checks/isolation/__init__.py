"""Does the embedded query path hold? Every way to ask, tried as every principal on every table."""

from lakehouse.checks.isolation.matrix import Cell, Facts, Principal, probe
from lakehouse.checks.isolation.routes import ATTACKS, TABLE_ROUTES

__all__ = ["ATTACKS", "TABLE_ROUTES", "Cell", "Facts", "Principal", "probe"]
