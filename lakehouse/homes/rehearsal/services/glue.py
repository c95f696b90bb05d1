"""Glue: changing a job and a crawler, commits to a table, statistics of columns.

Not emulated: runs of jobs and crawlers; moto answers with a state, nothing runs. Statistics of
columns are accepted and forgotten.
"""

import threading

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.glue.responses import GlueResponse

from lakehouse.homes.rehearsal.engine.settings import ENGINE_KEY
from lakehouse.homes.rehearsal.services.extending import (
    Answer,
    Parameters,
    ServiceError,
    operation,
    replaces,
)

_committing = threading.Lock()
VIEW_MARK = "/* Presto View"


@replaces(GlueResponse)
def get_table(original, self: GlueResponse) -> ActionResult:
    """GetTable."""
    answer = original(self)
    answer.result["Table"] = _for_engine(self, answer.result["Table"])
    return answer


@replaces(GlueResponse)
def get_tables(original, self: GlueResponse) -> ActionResult:
    """GetTables."""
    answer = original(self)
    answer.result["TableList"] = [_for_engine(self, t) for t in answer.result["TableList"]]
    return answer


def _for_engine(self: GlueResponse, table: Answer) -> Answer:
    """The table; when it is a view that the engine asks for, with the comment it was born with.

    dbt writes a view's description over it. Athena does not mind, Trino no longer knows the view.
    """
    is_view = str(table.get("ViewOriginalText", "")).startswith(VIEW_MARK)
    if not is_view or f"Credential={ENGINE_KEY}/" not in self.headers.get("Authorization", ""):
        return table
    kept = {name: value for name, value in table.items() if name != "Description"}
    return {**kept, "Parameters": {**table.get("Parameters", {}), "comment": "Presto View"}}


@operation(GlueResponse)
def update_job(self: GlueResponse, asked: Parameters) -> Answer:
    """UpdateJob."""
    _set(self.glue_backend.jobs[asked["JobName"]], asked["JobUpdate"])
    return {"JobName": asked["JobName"]}


@operation(GlueResponse)
def update_crawler(self: GlueResponse, asked: Parameters) -> None:
    """UpdateCrawler."""
    changes = {name: value for name, value in asked.items() if name != "Name"}
    _set(self.glue_backend.crawlers[asked["Name"]], changes)


@replaces(GlueResponse)
def update_table(original, self: GlueResponse) -> ActionResult:
    """UpdateTable keeps Glue's promise to Iceberg: a VersionId that is not the current is refused.

    Without it the later one of two commits at the same time would undo the other.
    """
    expected = self.parameters.get("VersionId")
    with _committing:
        if expected is not None:
            name = self.parameters["TableInput"]["Name"]
            table = self.glue_backend.get_table(self.parameters["DatabaseName"], name)
            if str(table._current_version) != str(expected):
                raise ServiceError(
                    "ConcurrentModificationException",
                    "Update table failed due to concurrent modifications.",
                )
        return original(self)


@operation(GlueResponse)
def get_column_statistics_for_table(self: GlueResponse, asked: Parameters) -> Answer:
    """GetColumnStatisticsForTable: none are known."""
    return {"ColumnStatisticsList": [], "Errors": []}


@operation(GlueResponse)
def get_column_statistics_for_partition(self: GlueResponse, asked: Parameters) -> Answer:
    """GetColumnStatisticsForPartition: none are known."""
    return {"ColumnStatisticsList": [], "Errors": []}


@operation(GlueResponse)
def update_column_statistics_for_table(self: GlueResponse, asked: Parameters) -> Answer:
    """UpdateColumnStatisticsForTable."""
    return {"Errors": []}


@operation(GlueResponse)
def update_column_statistics_for_partition(self: GlueResponse, asked: Parameters) -> Answer:
    """UpdateColumnStatisticsForPartition."""
    return {"Errors": []}


@operation(GlueResponse)
def delete_column_statistics_for_table(self: GlueResponse, asked: Parameters) -> None:
    """DeleteColumnStatisticsForTable."""


@operation(GlueResponse)
def delete_column_statistics_for_partition(self: GlueResponse, asked: Parameters) -> None:
    """DeleteColumnStatisticsForPartition."""


def _set(thing: object, changes: dict) -> None:
    for name, value in changes.items():
        setattr(thing, camelcase_to_underscores(name), value)
