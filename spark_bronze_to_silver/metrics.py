"""What a run did, as one line in CloudWatch's embedded metric format; anywhere else a log line.

CloudWatch makes metrics of every log event of this form, so the job needs no further rights and no
call that could fail (CloudWatch user guide, "Embedded metric format specification").
"""

import json
from datetime import datetime

from spark_bronze_to_silver.accounts import Accounts

NAMESPACE = "Lakehouse/Silver"
COUNT, SECONDS = "Count", "Seconds"


def metrics_line(
    table: str, at: datetime, *, counts: Accounts | None, seconds: float, committed: bool
) -> str:
    """One JSON object without a line break; counts is None for a run that failed.

    `Failed` and `Committed` are 0 or 1, so that a sum counts runs.
    """
    values: dict[str, tuple[str, float]] = {
        "Failed": (COUNT, int(counts is None)),
        "Committed": (COUNT, int(committed)),
        "Duration": (SECONDS, round(seconds, 3)),
    }
    if counts:
        values |= {
            "Files": (COUNT, counts.files),
            "FilesQuarantined": (COUNT, counts.files_quarantined),
            "RowsRead": (COUNT, counts.rows_read),
            "RowsAccepted": (COUNT, counts.rows_accepted),
            "RowsSuperseded": (COUNT, counts.rows_superseded),
            "RowsQuarantined": (COUNT, counts.rows_quarantined),
            "RowsDeleted": (COUNT, counts.rows_deleted),
        }
    definitions = [{"Name": name, "Unit": unit} for name, (unit, _) in values.items()]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["Table"]], "Metrics": definitions}
    header = {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [directive]}
    members = {name: value for name, (_, value) in values.items()}
    return json.dumps({"_aws": header, "Table": table, **members})
