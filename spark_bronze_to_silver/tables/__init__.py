"""What each table's rows need beyond typing: one module per table, found by its name."""

import importlib
from collections.abc import Callable

from pyspark.sql import DataFrame

Cleaner = Callable[[DataFrame], DataFrame]


def cleaner(table: str) -> Cleaner:
    """The function `clean` of the table's module; rows pass unchanged when it has no module."""
    name = f"{__name__}.{table}"
    if importlib.util.find_spec(name) is None:
        return lambda rows: rows
    return importlib.import_module(name).clean
