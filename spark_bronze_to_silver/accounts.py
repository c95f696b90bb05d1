"""What happened to every row that was read, noted in the commit that wrote them."""

import json
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True)
class Accounts:
    """Counts of one batch, or of all batches of a table.

    rows_read = rows_accepted + rows_superseded + rows_quarantined. rows_absent are stored rows that
    a new full load does not hold; rows_deleted counts all tombstones written, those among them.
    files_quarantined could not be read, so their rows are in no count.
    """

    files: int = 0
    files_quarantined: int = 0
    rows_read: int = 0
    rows_accepted: int = 0
    rows_superseded: int = 0
    rows_quarantined: int = 0
    rows_absent: int = 0
    rows_deleted: int = 0

    @property
    def agree(self) -> bool:
        """Whether every row read is accounted for."""
        known = self.rows_accepted + self.rows_superseded + self.rows_quarantined
        return self.rows_read == known

    def __add__(self, other: "Accounts") -> "Accounts":
        names = [f.name for f in fields(self)]
        return Accounts(*(getattr(self, n) + getattr(other, n) for n in names))

    @classmethod
    def from_json(cls, text: str | None) -> "Accounts":
        """The accounts that `to_json` wrote; all zero for None."""
        return cls(**json.loads(text)) if text else cls()

    def to_json(self) -> str:
        """For the commit's metadata."""
        return json.dumps(asdict(self), sort_keys=True)
