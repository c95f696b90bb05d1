"""What Athena bills for a statement, at list prices."""

from collections.abc import Mapping
from typing import Any

MB, TB = 1e6, 1e12


def billed_bytes(scanned: float, prices: Mapping[str, Any]) -> float:
    """Bytes that count: a statement that scans counts at least athena_minimum_mb of the prices."""
    return max(scanned, prices["athena_minimum_mb"] * MB) if scanned else 0


def usd(billed: float, prices: Mapping[str, Any]) -> float:
    """Price of the bytes that count."""
    return billed / TB * prices["athena_scanned_tb"]
