"""What the gate found in one batch, as the commit notes it."""

import json
from dataclasses import asdict, dataclass

from spark_bronze_to_silver.quality.rules import CRITICAL


@dataclass(frozen=True)
class FailedRule:
    """A rule that some rows break; rows counts them."""

    expectation: str
    column: str
    severity: str
    rows: int


@dataclass(frozen=True)
class BatchQuality:
    """Rows of a batch as they would be committed, one per key, and the rules that they break.

    valid_rows break none. rules counts all that were checked, failed lists those that do not hold.
    """

    rows: int = 0
    valid_rows: int = 0
    rules: int = 0
    failed: tuple[FailedRule, ...] = ()

    @property
    def critical(self) -> tuple[FailedRule, ...]:
        """Failed rules that stop a commit."""
        return tuple(rule for rule in self.failed if rule.severity == CRITICAL)

    @classmethod
    def from_json(cls, text: str) -> "BatchQuality":
        """What `to_json` wrote."""
        found = json.loads(text)
        failed = tuple(FailedRule(**rule) for rule in found.pop("failed"))
        return cls(**found, failed=failed)

    def to_json(self) -> str:
        """For the commit's metadata."""
        return json.dumps(asdict(self), sort_keys=True)
