"""Runs the demo's steps one after another, with progress, and keeps what each took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console


@dataclass(frozen=True)
class Step:
    """A finished step; rows is None where rows are not what it makes."""

    title: str
    rows: int | None
    detail: str
    seconds: float


class Steps:
    """The steps so far, in order."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.done: list[Step] = []

    @contextmanager
    def step(self, title: str) -> Iterator["Running"]:
        """Show a spinner with the title while the block runs, then a line with its outcome."""
        started = time.monotonic()
        with self.console.status(title) as status:
            running = Running(lambda text: status.update(f"{title}: {text}"))
            yield running
        step = Step(title, running.rows, running.detail, time.monotonic() - started)
        self.done.append(step)
        rows = "" if step.rows is None else f"{step.rows:>8,} rows"
        outcome = f"{title:<34}{rows:>13} {step.seconds:>6.1f} s"
        self.console.print(
            f"[green]✓[/green] {outcome}  [dim]{step.detail}[/dim]",
            no_wrap=True,
            overflow="ellipsis",
            highlight=False,
        )

    @property
    def seconds(self) -> float:
        """Wall time of all steps."""
        return sum(step.seconds for step in self.done)


@dataclass
class Running:
    """What a step in progress reports."""

    progress: Callable[[str], None]
    rows: int | None = None
    detail: str = ""
