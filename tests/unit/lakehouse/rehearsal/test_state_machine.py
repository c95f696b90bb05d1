"""Definitions run as Amazon States Language says."""

import threading

import pytest

from lakehouse.errors import LakehouseError
from lakehouse.homes.rehearsal.state_machine import StateMachine, TaskError

JOB, BUILD, NOTE = "job", "build", "note"

# The shape of the pipeline that Terraform deploys.
PIPELINE = {
    "StartAt": "Tables",
    "TimeoutSeconds": 7200,
    "States": {
        "Tables": {"Type": "Pass", "Result": {"jobs": ["a", "b", "c"]}, "Next": "Silver"},
        "Silver": {
            "Type": "Map",
            "ItemsPath": "$.jobs",
            "MaxConcurrency": 2,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "RunJob",
                "States": {
                    "RunJob": {
                        "Type": "Task",
                        "Resource": JOB,
                        "Parameters": {"JobName.$": "$"},
                        "Retry": [
                            {
                                "ErrorEquals": ["Glue.ThrottlingException"],
                                "IntervalSeconds": 60,
                                "BackoffRate": 1.5,
                                "MaxAttempts": 2,
                            }
                        ],
                        "ResultPath": None,
                        "End": True,
                    }
                },
            },
            "ResultPath": None,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Notify"}],
            "Next": "Gold",
        },
        "Gold": {
            "Type": "Task",
            "Resource": BUILD,
            "Parameters": {"Jobs.$": "$.jobs", "Fixed": [1]},
            "ResultPath": None,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Notify"}],
            "End": True,
        },
        "Notify": {
            "Type": "Task",
            "Resource": NOTE,
            "Parameters": {
                "Message.$": "States.Format('{} failed: {} {}', $$.Execution.Name, $.error.Error, "
                "$.error.Cause)"
            },
            "Next": "Failed",
        },
        "Failed": {"Type": "Fail", "Error": "PipelineFailed", "Cause": "see above"},
    },
}


class Tasks:
    """Counts what runs, and fails as it is told."""

    def __init__(self, failures=None):
        self.seen, self.waits = [], []
        self._failures = failures or {}
        self._lock = threading.Lock()
        self._side_by_side = threading.Event()
        self.running = self.most = 0

    def _called(self, key, parameters):
        with self._lock:
            self.seen.append((key, parameters))
            failures = self._failures.get(key, [])
            error = failures.pop(0) if failures else None
        if error:
            raise TaskError(error, f"why {key} failed")

    def job(self, parameters):
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
            if self.running > 1:
                self._side_by_side.set()
        # A busy machine may start the second one late; were jobs run singly, it never came.
        self._side_by_side.wait(5)
        with self._lock:
            self.running -= 1
        self._called(parameters["JobName"], parameters)

    def run(self):
        tasks = {
            JOB: self.job,
            BUILD: lambda p: self._called(BUILD, p),
            NOTE: lambda p: self._called(NOTE, p),
        }
        return StateMachine(PIPELINE, tasks, sleep=self.waits.append).run("night")

    def times(self, key):
        return sum(name == key for name, _ in self.seen)


def test_all_jobs_run_before_gold_and_no_more_at_once_than_allowed():
    tasks = Tasks()
    execution = tasks.run()
    assert execution.succeeded
    assert sorted(key for key, _ in tasks.seen[:3]) == ["a", "b", "c"]
    assert tasks.seen[3:] == [(BUILD, {"Jobs": ["a", "b", "c"], "Fixed": [1]})]
    assert tasks.most == 2
    assert execution.states == ["Tables", "Silver", "RunJob", "RunJob", "RunJob", "Gold"]


def test_a_throttled_job_is_tried_again_after_longer_and_longer_waits():
    tasks = Tasks({"b": ["Glue.ThrottlingException"] * 2})
    assert tasks.run().succeeded
    assert tasks.times("b") == 3
    assert tasks.waits == [60, 90]


def test_a_job_that_stays_throttled_is_given_up():
    tasks = Tasks({"b": ["Glue.ThrottlingException"] * 3})
    assert tasks.run().error == "PipelineFailed"
    assert tasks.times("b") == 3


@pytest.mark.parametrize("failing", ["c", BUILD])
def test_a_failure_is_not_retried_but_reported_and_ends_the_execution(failing):
    tasks = Tasks({failing: ["States.TaskFailed"]})
    execution = tasks.run()
    assert not execution.succeeded
    assert execution.error == "PipelineFailed"
    assert tasks.times(failing) == 1
    assert tasks.seen[-1] == (
        NOTE,
        {"Message": f"night failed: States.TaskFailed why {failing} failed"},
    )
    assert tasks.times(BUILD) == (failing == BUILD)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"Type": "Choice", "Choices": []}, "Choice"),
        ({"Type": "Pass", "Parameters": {}, "End": True}, "Pass Parameters"),
        ({"Type": "Task", "Resource": "unknown", "End": True}, "unknown"),
        ({"Type": "Task", "Resource": JOB, "TimeoutSeconds": 1, "End": True}, "TimeoutSeconds"),
    ],
)
def test_what_is_not_emulated_is_refused_before_anything_runs(state, words):
    definition = {"StartAt": "One", "States": {"One": state}}
    with pytest.raises(LakehouseError, match=words):
        StateMachine(definition, {JOB: lambda p: None})
