"""Runs a table's suite and counts what it found."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pandas as pd
from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.data_context import AbstractDataContext

from contracts import Contract
from lakehouse.checks.quality.compile import CRITICAL, WARNING, suite_for
from lakehouse.checks.quality.frames import quality_frame
from lakehouse.checks.quality.report import TableQuality

# Rows that a page shows of each failed expectation.
EXAMPLES = 20
UNEXPECTED_ROWS = "unexpected_index_list"


@contextmanager
def quiet() -> Iterator[None]:
    """Great Expectations keeps silent: no log line, no warning on the terminal."""
    logger = logging.getLogger("great_expectations")
    propagate, silence = logger.propagate, logging.NullHandler()
    logger.propagate = False
    logger.addHandler(silence)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.propagate = propagate
        logger.removeHandler(silence)


def validate(
    context: AbstractDataContext, connection: duckdb.DuckDBPyConnection, contract: Contract
) -> tuple[TableQuality, ExpectationSuiteValidationResult]:
    """Figures of the table, and the result that its page is made of, cut down to examples."""
    suite = context.suites.add(suite_for(contract))
    frame = quality_frame(connection, contract)
    asset = context.data_sources.get("silver").add_dataframe_asset(contract.name)
    batch = asset.add_batch_definition_whole_dataframe("current").get_batch({"dataframe": frame})
    result = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    quality = _figures(contract.name, frame, result)
    for one in result.results:
        if one.result.get(UNEXPECTED_ROWS):
            _keep_examples(one.result, frame, contract.key)
    return quality, result


def _figures(
    table: str, frame: pd.DataFrame, result: ExpectationSuiteValidationResult
) -> TableQuality:
    failed = [one.expectation_config.severity for one in result.results if not one.success]
    invalid = set()
    for one in result.results:
        invalid.update(one.result.get(UNEXPECTED_ROWS) or ())
    return TableQuality(
        table=table,
        rows=len(frame),
        valid_rows=len(frame) - len(invalid),
        expectations=len(result.results),
        failed_critical=failed.count(CRITICAL),
        failed_warning=failed.count(WARNING),
    )


def _keep_examples(found: dict[str, Any], frame: pd.DataFrame, key: tuple[str, ...]) -> None:
    """Replace the complete lists by a few rows with their key, the form that a page shows."""
    values = found.pop("unexpected_list")
    rows = found[UNEXPECTED_ROWS][:EXAMPLES]
    keys = frame.loc[rows, list(key)].to_dict("records")
    found[UNEXPECTED_ROWS] = [
        {"value": _as_text(value), **identity}
        for value, identity in zip(values, keys, strict=False)
    ]
    found["unexpected_index_column_names"] = list(key)
    found.pop("unexpected_index_query", None)
    found.pop("partial_unexpected_index_list", None)


def _as_text(value: Any) -> Any:
    """A compound value, which comes by column name, in one text; any other as it is."""
    return ", ".join(map(str, value.values())) if isinstance(value, dict) else value
