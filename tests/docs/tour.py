"""The guided tour as steps: each command of docs/TOUR.md, and what the page says it shows."""

import re
from dataclasses import dataclass
from pathlib import Path

from lakehouse.state import REPOSITORY

TOUR = REPOSITORY / "docs/TOUR.md"
BROWSER_TESTS = "`tests/integration/lakehouse/dashboard`"
# Commands that no test runs. Each reason stands in the document, below its command.
NOT_RUN = {
    "make demo": "it takes minutes; the test before the tour takes the same stages one by one",
    ".venv/bin/lakehouse dashboard --as analyst@northwind-nws": (
        f"it serves until Ctrl-C; the tests in {BROWSER_TESTS} open it in a browser"
    ),
    ".venv/bin/lakehouse watch": "it runs until Ctrl-C; `tests/end_to_end/test_watch.py` stops it",
}
# Other tests take the processor meanwhile.
IN_THE_SUITE = {".venv/bin/lakehouse demo cdc --limit 30": " --limit 120 --warming 0"}

FENCE = re.compile(r"^```(\w+)( exact)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Colours, and the lines of tables.
DRAWN = re.compile(r"\x1b\[[0-9;]*m|[\u2500-\u257f|]")
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FIGURE = re.compile(r"-?\d+(?:[.,:-]\d+)*")
SKIPPED = "..."


@dataclass(frozen=True)
class Step:
    """A command, and the lines that it shows; figures count only where the page calls it exact."""

    command: str
    promised: tuple[str, ...]
    is_exact: bool

    @property
    def is_refused(self) -> bool:
        """Whether the page shows that the command fails."""
        return self.promised[0].startswith("error:")

    def missing(self, output: str) -> str | None:
        """The first promised line that the output does not have at its place, or None."""
        lines = iter([self._compared(line) for line in output.splitlines()])
        for promised in self.promised:
            wanted = self._compared(promised)
            if not wanted or wanted == [SKIPPED]:
                continue
            if not any(_shows(line, wanted) for line in lines):
                return promised
        return None

    def _compared(self, line: str) -> list[str]:
        """Words of a line; of figures and ids only that they are there, unless it is exact."""
        line = DRAWN.sub(" ", line)
        return (line if self.is_exact else FIGURE.sub("0", ID.sub("ID", line))).split()


def _shows(line: list[str], wanted: list[str]) -> bool:
    if wanted[-1] == SKIPPED:
        return line[: len(wanted) - 1] == wanted[:-1]
    return line == wanted


def read_tour(path: Path = TOUR) -> list[Step]:
    """Every command of the tour, in order; a block of output belongs to the one above it."""
    blocks = FENCE.findall(path.read_text())
    return [
        _step(*command, *output) for command, output in zip(blocks[::2], blocks[1::2], strict=True)
    ]


def _step(language: str, _: str, command: str, shown: str, exact: str, output: str) -> Step:
    assert (language, shown) == ("bash", "text"), f"a block of output has to follow: {command}"
    assert command.count("\n") == 1, f"one command in each block: {command}"
    return Step(command.strip(), tuple(output.splitlines()), bool(exact))
