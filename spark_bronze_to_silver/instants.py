"""How Hudi names a commit: by its time, yyyyMMddHHmmssSSS; the job keeps the timeline in UTC."""

import re
from datetime import UTC, datetime

FORM = "%Y%m%d%H%M%S%f"
INSTANT_DIGITS, HOUR_DIGITS = 17, 10


def is_instant(text: str) -> bool:
    """Whether the text has the form of an instant."""
    return re.fullmatch(rf"[0-9]{{{INSTANT_DIGITS}}}", text) is not None


def instant_of(moment: datetime) -> str:
    """The instant that Hudi would give a commit at the moment."""
    return f"{moment.astimezone(UTC):{FORM}}"[:INSTANT_DIGITS]


def moment_of(instant: str) -> datetime:
    """The moment (UTC) that an instant names, to the millisecond."""
    return datetime.strptime(f"{instant}000+0000", f"{FORM}%z")
