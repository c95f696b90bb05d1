"""The durable state of a replication task: one JSON file, replaced atomically."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lakehouse.dms.errors import TaskStateError
from lakehouse.dms.writer import replace_text

# The slot is being made and tables are read; all tables are read and their files get their names;
# the full load is done.
LOADING, PUBLISHING, STREAMING = "loading", "publishing", "streaming"


@dataclass(frozen=True)
class TaskState:
    """Where the task stands; every change before durable_lsn is in a Bronze file.

    time_part and counter are the change sequence's at durable_lsn, so that changes which are sent
    again after a crash get the sequences they had before. unpublished lists hidden full-load
    files, relative to Bronze, while the phase is publishing.
    """

    phase: str
    slot: str
    system_identifier: str
    database: str
    durable_lsn: int = 0
    time_part: int = 0
    counter: int = 0
    unpublished: tuple[str, ...] = ()


def read_state(path: Path) -> TaskState | None:
    """The state in the file; None when there is none. Raises TaskStateError when it is broken."""
    if not path.exists():
        return None
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return TaskState(**{**fields, "unpublished": tuple(fields["unpublished"])})
    except (ValueError, TypeError, KeyError) as error:
        raise TaskStateError(
            f"{path} is not a task state: {error}. Bronze was left alone. Restore the file, or "
            "remove it together with Bronze and Silver and replicate anew."
        ) from error


def write_state(path: Path, state: TaskState) -> None:
    """Replace the file durably."""
    replace_text(path, json.dumps(asdict(state), indent=1) + "\n")
