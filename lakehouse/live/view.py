"""The terminal view of live mode."""

import time
from collections.abc import Mapping

from rich.table import Table

from lakehouse.live.status import FAILING, STAGES, StageStatus
from lakehouse.live.supervisor import Supervisor

TITLES = {"replicate": "source to Bronze", "silver": "Bronze to Silver", "gold": "Silver to Gold"}


class Rates:
    """Rows a second of each stage, over the last WINDOW seconds of looks."""

    WINDOW = 30.0

    def __init__(self) -> None:
        self._looks: dict[str, list[tuple[float, int, int]]] = {}

    def look(self, status: StageStatus) -> float:
        """Note how far the stage is now; returns its rate."""
        looks = self._looks.setdefault(status.stage, [])
        if looks and looks[-1][2] != status.pid:
            looks.clear()
        now = time.monotonic()
        looks.append((now, status.rows, status.pid))
        while looks[0][0] < now - self.WINDOW:
            looks.pop(0)
        elapsed = now - looks[0][0]
        return (status.rows - looks[0][1]) / elapsed if elapsed else 0.0


def live_table(
    statuses: Mapping[str, StageStatus | None], supervisor: Supervisor, rates: Rates
) -> Table:
    """A line a stage: how far behind the source, how fast, how often it had to be started again."""
    now = time.time()
    table = Table(title="lakehouse watch: Ctrl-C stops it cleanly")
    for title in ("stage", "state", "behind the source", "rows/s", "rows", "last cycle"):
        table.add_column(title, justify="left" if title in ("stage", "state") else "right")
    for title in ("quarantined", "commit to query, p50 / p95", "restarts", "note"):
        table.add_column(title, justify="left" if title == "note" else "right")
    for name in STAGES:
        stage, status = supervisor.stages.get(name), statuses.get(name)
        if stage is None:
            continue
        state = status.state if status and stage.is_running else "down"
        style = {"working": "green", FAILING: "red", "down": "red"}.get(state, "yellow")
        cells = _cells(status, now, rates) if status else [""] * 6
        note = (status.error if status else "") or _death(stage.last_exit)
        restarts = f"{stage.restarts}"
        table.add_row(TITLES[name], f"[{style}]{state}[/]", *cells, restarts, note[:60])
    return table


def _cells(status: StageStatus, now: float, rates: Rates) -> list[str]:
    unit = "models" if status.stage == "gold" else "rows"
    behind = f"{now - status.horizon:,.1f} s" if status.horizon else "unknown"
    rate = "" if unit == "models" else f"{rates.look(status):,.0f}"
    latency = status.latency
    percentiles = f"{latency.p50:.1f} / {latency.p95:.1f} s" if latency.changes else ""
    quarantined = f"{status.quarantined:,}" if status.stage == "silver" else ""
    rows = f"{status.rows:,} {unit}"
    return [behind, rate, rows, f"{status.seconds:.1f} s", quarantined, percentiles]


def _death(code: int | None) -> str:
    return "" if code is None else f"died with {code}, started again"
