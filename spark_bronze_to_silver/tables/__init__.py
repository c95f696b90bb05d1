"""What each table's rows need beyond typing: one module per table, found by its name."""

import importlib
from collections.abc import Callable

from pyspark.sql import DataFrame

from spark_bronze_to_silver.errors import SilverJobError

Cleaner = Callable[[DataFrame], DataFrame]


def cleaner(table: str) -> Cleaner:
    """The function `clean` of the table's module.

    It takes typed rows, one per key, and returns them with the derived columns of the contract.
    Raises SilverJobError when the table has no module.
    """
    module = f"{__name__}.{table}"
    try:
        return importlib.import_module(module).clean
    except ModuleNotFoundError as error:
        raise SilverJobError(
            f"table {table!r} has a contract but no module {module}; nothing was committed. "
            "Add the module with a function clean(rows)."
        ) from error
