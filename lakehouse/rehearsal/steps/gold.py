"""Gold on Athena, as the pipeline builds it, and on DuckDB."""

from lakehouse.demo.steps import Running
from lakehouse.rehearsal.stage import Stage
from lakehouse.stages.gold import run_models

# The state machine's own commands (terraform/modules/orchestration).
QUALITY_GATE = "dbt test --select source:silver"
BUILD = "dbt build --exclude-resource-type unit_test"


class Gold:
    """dbt on both engines, with the same day as today."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def quality_gate(self, step: Running) -> None:
        """dbt's tests of Silver."""
        self._stage.trino.wait()
        self._dbt(step, QUALITY_GATE)

    def build(self, step: Running) -> None:
        """Models and their tests."""
        self._dbt(step, BUILD)

    def docs(self, step: Running) -> None:
        """dbt's documents, whose catalog comes from Glue."""
        self._dbt(step, "dbt docs generate")

    def duckdb(self, step: Running) -> None:
        """The models over the copy of Silver that is on this machine."""
        report = run_models(
            self._stage.home.state,
            ("as_of_date", self._stage.record.as_of),
            on_node=lambda name, number, total: step.progress(f"{number}/{total} {name}"),
        )
        step.detail = f"{report.models} models"

    def _dbt(self, step: Running, command: str) -> None:
        done = self._stage.dbt.run(command, *today(self._stage))
        step.detail = f"{done.passed} nodes passed" if done.passed else ""


def today(stage: Stage) -> list[str]:
    """dbt's options that say which day counts as today.

    Each command gets them: dbt reads the whole project anew when variables are not those of before.
    """
    return ["--vars", f"as_of_date: '{stage.record.as_of}'"]
