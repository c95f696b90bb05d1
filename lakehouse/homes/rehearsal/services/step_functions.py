"""Step Functions: checking a definition, listing versions.

Not emulated: the check itself. Any JSON with a start state is accepted; a test of ours checks the
states of the pipeline. Executions are moto's: nothing runs.
"""

import json

from moto.stepfunctions.responses import StepFunctionResponse

from lakehouse.homes.rehearsal.services.extending import Answer, Parameters, operation


@operation(StepFunctionResponse)
def validate_state_machine_definition(self: StepFunctionResponse, asked: Parameters) -> Answer:
    """ValidateStateMachineDefinition: refuses a definition whose StartAt is not one of States."""
    definition = json.loads(asked["definition"])
    if definition.get("StartAt") in definition.get("States", {}):
        return {"result": "OK", "diagnostics": [], "truncated": False}
    problem = {
        "severity": "ERROR",
        "code": "SCHEMA_VALIDATION_FAILED",
        "message": "StartAt does not name a state",
    }
    return {"result": "FAIL", "diagnostics": [problem], "truncated": False}


@operation(StepFunctionResponse)
def list_state_machine_versions(self: StepFunctionResponse, asked: Parameters) -> Answer:
    """ListStateMachineVersions: none is ever published here."""
    return {"stateMachineVersions": []}
