"""A run's metrics have the form that CloudWatch asks for."""

import json
from datetime import UTC, datetime

import pytest

from spark_bronze_to_silver.accounts import Accounts
from spark_bronze_to_silver.metrics import NAMESPACE, metrics_line

AT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
COUNTS = Accounts(files=2, rows_read=9, rows_accepted=5, rows_superseded=3, rows_quarantined=1)


@pytest.mark.parametrize("counts", [COUNTS, None])
def test_every_metric_that_is_declared_has_a_number(counts):
    line = metrics_line("order", AT, counts=counts, seconds=1.23456, committed=bool(counts))
    assert "\n" not in line
    found = json.loads(line)
    (directive,) = found["_aws"]["CloudWatchMetrics"]
    assert found["_aws"]["Timestamp"] == 1767323045678
    assert (directive["Namespace"], directive["Dimensions"]) == (NAMESPACE, [["Table"]])
    names = [metric["Name"] for metric in directive["Metrics"]]
    assert len(set(names)) == len(names) <= 100
    assert {type(found[name]) for name in names} <= {int, float}
    assert set(found) == {"_aws", "Table", *names}
    assert all(metric["Unit"] in ("Count", "Seconds") for metric in directive["Metrics"])


def test_the_numbers_are_those_of_the_run():
    done = json.loads(metrics_line("order", AT, counts=COUNTS, seconds=1.23456, committed=True))
    assert (done["Table"], done["RowsRead"], done["RowsSuperseded"]) == ("order", 9, 3)
    assert (done["Failed"], done["Committed"], done["Duration"]) == (0, 1, 1.235)
    failed = json.loads(metrics_line("order", AT, counts=None, seconds=2, committed=False))
    assert (failed["Failed"], failed["Committed"]) == (1, 0) and "RowsRead" not in failed
