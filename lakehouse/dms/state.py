"""The durable state of a replication task: one JSON file, replaced atomically."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lakehouse.dms.errors import TaskStateError
from lakehouse.dms.writer import replace_text

# The slot is being made and tables are read; all tables are read and their files get their names;
# the full load is done.
LOADING, PUBLISHING, STREAMING = "loading", "publishing", "streaming"
STATE_FILE = "task.json"


@dataclass(frozen=True)
class TaskState:
    """Where the task stands; every change before durable_lsn is in a Bronze file.

    time_part and counter are the change sequence's at durable_lsn, so that changes which are sent
    again after a crash get the sequences they had before. unpublished lists hidden full-load
    files, relative to Bronze, while the phase is publishing. load_started has the start of the
    newest load of each table (contract names), as text in UTC.
    """

    phase: str
    slot: str
    system_identifier: str
    database: str
    durable_lsn: int = 0
    time_part: int = 0
    counter: int = 0
    unpublished: tuple[str, ...] = ()
    load_started: Mapping[str, str] = field(default_factory=dict)


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


def load_started(folder: Path) -> dict[str, datetime]:
    """When the newest load of each table (contract names) began, in UTC; empty before the first.

    A table that was empty then has no LOAD file that would say so.
    """
    state = read_state(folder / STATE_FILE)
    started = state.load_started if state else {}
    return {n: datetime.fromisoformat(text).replace(tzinfo=UTC) for n, text in started.items()}


def write_state(path: Path, state: TaskState) -> None:
    """Replace the file durably."""
    replace_text(path, json.dumps(asdict(state), indent=1) + "\n")
