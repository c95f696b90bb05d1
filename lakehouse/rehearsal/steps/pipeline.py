"""The state machine that Terraform deployed, executed with the real job code behind each task."""

import json
from typing import Any

from lakehouse.demo.steps import Running
from lakehouse.errors import LakehouseError
from lakehouse.homes.rehearsal.glue.runtime import GlueRuntime
from lakehouse.homes.rehearsal.state_machine import Execution, StateMachine, Task, TaskError
from lakehouse.rehearsal.stage import NAME, Stage
from lakehouse.rehearsal.steps.gold import today
from lakehouse.rehearsal.steps.layers import copy_silver

FAILED = "States.TaskFailed"


class Pipeline:
    """Silver jobs, quality gate and dbt, in the order and with the retries of the definition."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def run(self, step: Running) -> None:
        """One execution. Raises LakehouseError when it does not succeed."""
        with self._stage.glue() as glue:
            execution = StateMachine(self.definition(), self._tasks(glue, step)).run()
        if not execution.succeeded:
            raise LakehouseError(_failure(execution))
        step.detail = " > ".join(dict.fromkeys(execution.states))

    def definition(self) -> dict[str, Any]:
        """The deployed definition."""
        client = self._stage.emulator.client("stepfunctions")
        (machine,) = (
            m
            for m in client.list_state_machines()["stateMachines"]
            if m["name"] == f"{NAME}-pipeline"
        )
        described = client.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
        return json.loads(described["definition"])

    def _tasks(self, glue: GlueRuntime, step: Running) -> dict[str, Task]:
        def start_job(parameters: dict[str, Any]) -> None:
            step.progress(parameters["JobName"])
            _tried(lambda: glue.run(parameters["JobName"]))

        def start_build(parameters: dict[str, Any]) -> None:
            given = {v["Name"]: v["Value"] for v in parameters["EnvironmentVariablesOverride"]}
            command = given["DBT_COMMAND"]
            step.progress(command)
            # The jobs are over, and so is their memory.
            glue.close()
            copy_silver(self._stage)
            _tried(lambda: self._stage.dbt.run(command, *today(self._stage)))

        def put_metric(parameters: dict[str, Any]) -> None:
            self._stage.emulator.client("cloudwatch").put_metric_data(**parameters)

        def publish(parameters: dict[str, Any]) -> None:
            self._stage.emulator.client("sns").publish(**parameters)

        return {
            "arn:aws:states:::glue:startJobRun.sync": start_job,
            "arn:aws:states:::codebuild:startBuild.sync": start_build,
            "arn:aws:states:::aws-sdk:cloudwatch:putMetricData": put_metric,
            "arn:aws:states:::sns:publish": publish,
        }


def _tried(act: Any) -> None:
    try:
        act()
    except LakehouseError as error:
        raise TaskError(FAILED, str(error)) from error


def _failure(execution: Execution) -> str:
    return (
        f"the pipeline ended with {execution.error} after {', '.join(execution.states)}: "
        f"{execution.cause}"
    )
