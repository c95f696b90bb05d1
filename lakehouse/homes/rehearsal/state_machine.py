"""Executes a state machine's definition step by step, with what stands behind each task.

The part of Amazon States Language that the pipeline uses: Pass, Task, Map (inline), Fail and
Succeed, with Parameters, ItemsPath, ResultPath, Retry and Catch, paths and States.Format
(Amazon States Language specification). Anything else in a definition is refused, never skipped.
"""

import copy
import json
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from lakehouse.errors import LakehouseError

# What each kind of state may say beside Type, Comment, Next and End.
FIELDS = {
    "Pass": {"Result", "ResultPath"},
    "Task": {"Resource", "Parameters", "ResultPath", "Retry", "Catch"},
    "Map": {"ItemsPath", "MaxConcurrency", "ItemProcessor", "ResultPath", "Retry", "Catch"},
    "Fail": {"Error", "Cause"},
    "Succeed": set(),
}
COMMON = {"Type", "Comment", "Next", "End"}
ANY_ERROR = {"States.ALL"}
_FORMAT = re.compile(r"States\.Format\('((?:[^'\\]|\\.)*)'\s*((?:,\s*[^,]+)*)\)")

# A task: its parameters in, its result out; TaskError when it fails.
Task = Callable[[Any], Any]


class TaskError(Exception):
    """A task that failed, with the error's name as States Language has it."""

    def __init__(self, name: str, cause: str) -> None:
        self.name = name
        self.cause = cause
        super().__init__(f"{name}: {cause}")


@dataclass
class Execution:
    """How an execution went: the states that were entered in order, and how it ended."""

    name: str
    states: list[str] = field(default_factory=list)
    succeeded: bool = True
    error: str = ""
    cause: str = ""


class StateMachine:
    """A definition, and the task behind each resource ARN."""

    def __init__(
        self,
        definition: Mapping[str, Any],
        tasks: Mapping[str, Task],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises LakehouseError for a definition with what is not emulated."""
        self._definition = definition
        self._tasks = tasks
        self._sleep = sleep
        _check(definition, tasks)

    def run(self, name: str = "rehearsal") -> Execution:
        """Execute it with an empty input."""
        execution = Execution(name)
        try:
            self._states(self._definition, {}, execution)
        except TaskError as error:
            execution.succeeded = False
            execution.error, execution.cause = error.name, error.cause
        return execution

    def _states(self, machine: Mapping[str, Any], data: Any, execution: Execution) -> Any:
        name = machine["StartAt"]
        while True:
            state = machine["States"][name]
            execution.states.append(name)
            following, data = self._enter(state, data, execution)
            if following is None:
                return data
            name = following

    def _enter(
        self, state: Mapping[str, Any], data: Any, execution: Execution
    ) -> tuple[str | None, Any]:
        """The next state, None at the end, and the data that it gets."""
        if state["Type"] == "Fail":
            raise TaskError(state.get("Error", "Failed"), state.get("Cause", ""))
        attempts = [0] * len(state.get("Retry", ()))
        while True:
            try:
                result = self._result(state, data, execution)
                break
            except TaskError as error:
                if self._waits(state, error, attempts):
                    continue
                for catch in state.get("Catch", ()):
                    if _matches(catch, error):
                        caught = {"Error": error.name, "Cause": error.cause}
                        return catch["Next"], _put(data, catch.get("ResultPath", "$"), caught)
                raise
        data = _put(data, state.get("ResultPath", "$"), result)
        return (None if state.get("End") or state["Type"] == "Succeed" else state["Next"]), data

    def _result(self, state: Mapping[str, Any], data: Any, execution: Execution) -> Any:
        if state["Type"] == "Task":
            parameters = _filled(state.get("Parameters", data), data, execution)
            return self._tasks[state["Resource"]](parameters)
        if state["Type"] == "Map":
            return self._map(state, _at(data, state.get("ItemsPath", "$"), execution), execution)
        return state.get("Result", data)

    def _map(self, state: Mapping[str, Any], items: list[Any], execution: Execution) -> list[Any]:
        most = state.get("MaxConcurrency") or len(items) or 1
        with ThreadPoolExecutor(most) as pool:
            runs = [
                pool.submit(self._states, state["ItemProcessor"], item, execution) for item in items
            ]
            return [run.result() for run in runs]

    def _waits(self, state: Mapping[str, Any], error: TaskError, attempts: list[int]) -> bool:
        """Wait as the first Retry that fits says; False when none does or all are used up."""
        for number, retry in enumerate(state.get("Retry", ())):
            if _matches(retry, error):
                if attempts[number] >= retry.get("MaxAttempts", 3):
                    return False
                backoff = retry.get("BackoffRate", 2.0) ** attempts[number]
                attempts[number] += 1
                self._sleep(retry.get("IntervalSeconds", 1) * backoff)
                return True
        return False


def _matches(handler: Mapping[str, Any], error: TaskError) -> bool:
    wanted = set(handler["ErrorEquals"])
    return bool(wanted & (ANY_ERROR | {error.name}))


def _put(data: Any, path: str | None, value: Any) -> Any:
    """The data with the value at the path; null keeps the data, $ is the value alone."""
    if path is None:
        return data
    if path == "$":
        return value
    changed = copy.deepcopy(data)
    changed[path.removeprefix("$.")] = value
    return changed


def _at(data: Any, path: str, execution: Execution) -> Any:
    """The value at a path of names; $$ is the execution's context."""
    root, *names = path.split(".")
    found = {"Execution": {"Name": execution.name}} if root == "$$" else data
    for name in names:
        found = found[name]
    return found


def _filled(template: Any, data: Any, execution: Execution) -> Any:
    """The template with every `name.$` replaced by what its path or function gives."""
    if isinstance(template, list):
        return [_filled(item, data, execution) for item in template]
    if not isinstance(template, dict):
        return template
    return {
        name.removesuffix(".$"): _value(value, data, execution)
        if name.endswith(".$")
        else _filled(value, data, execution)
        for name, value in template.items()
    }


def _value(expression: str, data: Any, execution: Execution) -> Any:
    if not expression.startswith("States."):
        return _at(data, expression, execution)
    found = _FORMAT.fullmatch(expression)
    if not found:
        raise LakehouseError(f"not emulated: {expression} in the state machine")
    text, arguments = found[1], [a.strip() for a in found[2].split(",") if a.strip()]
    for argument in arguments:
        value = _at(data, argument, execution)
        shown = value if isinstance(value, str) else json.dumps(value)
        text = text.replace("{}", shown.replace("{}", "{ }"), 1)
    return text


def _check(machine: Mapping[str, Any], tasks: Mapping[str, Task]) -> None:
    for name, state in machine["States"].items():
        kind = state["Type"]
        unknown = set(state) - COMMON - FIELDS.get(kind, set())
        if kind not in FIELDS or unknown:
            what = f"{kind} {', '.join(sorted(unknown))}".strip()
            raise LakehouseError(f"not emulated: {what} in state {name} of the state machine")
        if kind == "Task" and state["Resource"] not in tasks:
            raise LakehouseError(f"not emulated: {state['Resource']} in state {name}")
        if kind == "Map":
            _check(state["ItemProcessor"], tasks)
