"""What stored bytes cost over years, with and without the lifecycle rules of the buckets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakehouse.errors import LakehouseError

DAYS_OF_A_MONTH = 30.4
STANDARD = "STANDARD"
PRICE_KEYS = {
    STANDARD: "s3_standard_gb_month",
    "STANDARD_IA": "s3_standard_ia_gb_month",
    "GLACIER": "s3_glacier_gb_month",
}


@dataclass(frozen=True)
class StorageMonth:
    """USD of one month's storage, as the rules have it and all in the standard class."""

    gb: float
    with_rules: float
    without_rules: float


def read_lifecycle(repository: Path) -> dict[str, dict[str, int]]:
    """Days until each storage class, by bucket, as Terraform's module s3 has them by default.

    Raises LakehouseError when the module does not say them in the form that is known.
    """
    text = (repository / "terraform/modules/s3/variables.tf").read_text("utf-8")
    found = {
        bucket: {name: int(days) for name, days in re.findall(r"(\w+) = (\d+)", rules)}
        for bucket, rules in re.findall(r"(\w+)\s+= \{ transitions = \{(.*?)\}", text)
    }
    if not found:
        raise LakehouseError("terraform/modules/s3/variables.tf has no transitions by default")
    return found


def storage_month(
    gb_a_day: float, days: int, transitions: Mapping[str, int], prices: Mapping[str, Any]
) -> StorageMonth:
    """The month that ends after so many days in which gb_a_day came and nothing was removed."""
    edges = sorted(transitions.items(), key=lambda item: item[1])
    usd, starts, storage_class = 0.0, 0, STANDARD
    for next_class, until in [*edges, ("", days)]:
        aged = max(0, min(until, days) - starts)
        usd += aged * gb_a_day * prices[PRICE_KEYS[storage_class]]
        starts, storage_class = max(starts, min(until, days)), next_class
    gb = gb_a_day * days
    return StorageMonth(gb, usd, gb * prices[PRICE_KEYS[STANDARD]])
