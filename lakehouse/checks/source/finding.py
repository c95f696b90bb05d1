"""What the check of the source reports."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """loss: data is lost or altered now, or by the next change. risk: by some values, some day."""

    LOSS = "loss"
    RISK = "risk"


@dataclass(frozen=True)
class Finding:
    """One thing that AWS DMS would not carry faithfully, and its mend.

    column is empty for a whole table, table for the server. reason is why we accept it, empty
    when nobody has.
    """

    code: str
    severity: Severity
    table: str
    column: str
    found: str
    mend: str
    reason: str = ""

    @property
    def place(self) -> str:
        """table.column, or what there is of it."""
        return ".".join(filter(None, (self.table, self.column))) or "server"

    @property
    def is_accepted(self) -> bool:
        """Whether it is known and accepted, with a reason."""
        return bool(self.reason)
