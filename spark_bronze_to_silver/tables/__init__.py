"""What each table's rows need beyond typing: one module per table, found by its name."""

import importlib
from collections.abc import Callable
from types import ModuleType

from pyspark.sql import DataFrame

from spark_bronze_to_silver.errors import SilverJobError

Cleaner = Callable[[DataFrame], DataFrame]
Relator = Callable[[DataFrame, DataFrame, DataFrame | None], DataFrame]


def cleaner(table: str) -> Cleaner:
    """The function `clean` of the table's module.

    It takes typed rows, one per key, and returns them with the derived columns of the contract. It
    keeps columns that it does not know.
    It looks at one row at a time, so it gives the same for a row in any company.
    Raises SilverJobError when the table has no module.
    """
    return _module(table).clean


def relator(table: str) -> Relator | None:
    """The function `relate` of the table's module; None for tables that have none.

    `relate(batch, stored, versions)` fills the columns that depend on other rows: see
    `batch.related`.
    """
    return getattr(_module(table), "relate", None)


def deriver(table: str) -> Cleaner:
    """The function `derive` of a derived table's module.

    It takes all live rows of some groups and returns what they make up.
    Raises SilverJobError when the table has no module.
    """
    return _module(table).derive


def _module(table: str) -> ModuleType:
    module = f"{__name__}.{table}"
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise SilverJobError(
            f"table {table!r} has a contract but no module {module}; nothing was committed. "
            "Add the module with a function clean(rows)."
        ) from error
