"""What a stage says of itself: one JSON file a stage, replaced atomically after each cycle.

The horizon is how lag is known without comparing rows: a stage that begins a cycle has, when it
ends well, everything that the stage before it had at the beginning.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from lakehouse.dms.writer import replace_text
from lakehouse.state import State

STAGES = ("replicate", "silver", "gold")
STARTING, WORKING, FAILING, STOPPED = "starting", "working", "failing", "stopped"


@dataclass(frozen=True)
class Latency:
    """Seconds from the source's commit until a change can be queried, of the changes counted."""

    changes: int = 0
    p50: float = 0.0
    p95: float = 0.0
    longest: float = 0.0


@dataclass(frozen=True)
class StageStatus:
    """One stage, as of its last cycle.

    horizon: epoch seconds; everything that the source had committed before is in this stage. rows
    and quarantined count since the process began; seconds is what the last cycle with work took.
    """

    stage: str
    pid: int
    state: str = STARTING
    horizon: float | None = None
    rows: int = 0
    quarantined: int = 0
    cycles: int = 0
    seconds: float = 0.0
    ended_at: float | None = None
    error: str = ""
    latency: Latency = field(default_factory=Latency)

    def after_cycle(
        self, *, rows: int, horizon: float | None, seconds: float, ended_at: float
    ) -> "StageStatus":
        """The status after a cycle that ended well; one without rows keeps the last duration."""
        return replace(
            self,
            state=WORKING,
            error="",
            rows=self.rows + rows,
            cycles=self.cycles + 1,
            horizon=horizon if horizon is not None else self.horizon,
            seconds=seconds if rows else self.seconds,
            ended_at=ended_at,
        )


def live_folder(state: State) -> Path:
    """Where stages write their statuses and their output."""
    return state.root / "live"


def write_status(state: State, status: StageStatus) -> None:
    """Replace the stage's file."""
    folder = live_folder(state)
    folder.mkdir(parents=True, exist_ok=True)
    replace_text(folder / f"{status.stage}.json", json.dumps(asdict(status)))


def read_status(state: State, stage: str) -> StageStatus | None:
    """The stage's last status; None before its first."""
    path = live_folder(state) / f"{stage}.json"
    if not path.exists():
        return None
    fields = json.loads(path.read_text("utf-8"))
    return StageStatus(**{**fields, "latency": Latency(**fields["latency"])})
