"""What is compared and tried when all is built."""

import subprocess
import sys
from dataclasses import dataclass, field

from lakehouse.demo.steps import Running
from lakehouse.errors import LakehouseError
from lakehouse.homes.embedded.warehouse import open_warehouse
from lakehouse.rehearsal.athena_client import AthenaClient
from lakehouse.rehearsal.comparison import Comparison, compare, gold_tables
from lakehouse.rehearsal.isolation.facts import read_facts, visitors
from lakehouse.rehearsal.isolation.matrix import Cell, probe
from lakehouse.rehearsal.stage import NAME, Stage
from lakehouse.state import REPOSITORY

WORKGROUP = f"{NAME}-data-engineering"


@dataclass
class Checks:
    """The comparison of both Golds, the isolation matrix, the tests; and what they found."""

    stage: Stage
    comparisons: list[Comparison] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def hold(self) -> bool:
        """Whether all tables are equal and every role sees what it is to see."""
        return all(c.is_equal for c in self.comparisons) and all(c.holds for c in self.cells)

    def compare(self, step: Running) -> None:
        """Every Gold table of both engines, row by row."""
        athena, home = AthenaClient(self.stage.emulator, WORKGROUP), self.stage.home
        self.comparisons = []
        with open_warehouse(home.state, home.contracts.values()) as connection:
            for table in gold_tables(connection):
                step.progress(table)
                self.comparisons.append(compare(athena, connection, table))
        step.rows = sum(c.rows for c in self.comparisons)
        equal = sum(c.is_equal for c in self.comparisons)
        step.detail = f"{equal} of {len(self.comparisons)} tables equal"

    def isolate(self, step: Running) -> None:
        """Every role on every table, and ways around."""
        home, done = self.stage.home, []
        with open_warehouse(home.state, home.contracts.values()) as connection:
            tables = read_facts(connection)

        def on_cell(cell: Cell) -> None:
            done.append(cell)
            step.progress(f"{len(done)} tries")

        self.cells = probe(self.stage, tables, visitors(self.stage, home.contracts), on_cell)
        as_expected = sum(cell.holds for cell in self.cells)
        step.detail = f"{as_expected} of {len(self.cells)} as expected"

    def tests(self, step: Running) -> None:
        """tests/rehearsal, on what is up. Raises LakehouseError when one fails.

        dbt's own suite says something of Athena's API only, and takes minutes: it is left out here.
        """
        tests = REPOSITORY / "tests" / "rehearsal"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "rehearsal", str(tests)]
            + ["--ignore", str(tests / "adapter_suite")],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            raise LakehouseError(f"tests on the rehearsal failed:\n{done.stdout[-4000:]}")
        step.detail = done.stdout.strip().splitlines()[-1]
