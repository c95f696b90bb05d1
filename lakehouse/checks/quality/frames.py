"""A Silver table as the frame that the expectations run over."""

import duckdb
import pandas as pd

from contracts import Contract
from lakehouse.homes.embedded.silver_relations import SCHEMA
from spark_bronze_to_silver.quality.rules import max_length

HUDI_PREFIX = "_hoodie_"
CHANGE_COLUMNS = ("source_op", "source_seq", "source_order")


def quality_frame(connection: duckdb.DuckDBPyConnection, contract: Contract) -> pd.DataFrame:
    """One row per row of the table, one column per column, Hudi's own left out.

    Only what the rules look at is loaded: texts with a rule as texts, amounts with a bound as
    double, is_deleted as boolean; of any other column whether it has a value (1.0 or null).
    Personal texts come as stars of the same length, so that no page shows them, unless the
    contract says that they are unique or lists their values: those rules need the text.
    """
    relation = f'{SCHEMA}."{contract.name}"'
    described = connection.execute(f"describe {relation}").fetchall()
    names = [row[0] for row in described if not row[0].startswith(HUDI_PREFIX)]
    expressions = _expressions(contract)
    selected = ", ".join(f"{expressions.get(n, _presence(n))} as {_quoted(n)}" for n in names)
    return connection.execute(f"select {selected} from {relation}").df()


def _expressions(contract: Contract) -> dict[str, str]:
    texts = {*contract.key, *CHANGE_COLUMNS}
    expressions = {name: f"cast({_quoted(name)} as varchar)" for name in texts}
    expressions["is_deleted"] = "is_deleted"
    for column in contract.columns:
        name = _quoted(column.name)
        if column.minimum is not None:
            expressions[column.name] = f"cast({name} as double)"
        elif column.accepted_values or column.unique:
            expressions[column.name] = f"cast({name} as varchar)"
        elif max_length(column):
            stars = f"repeat('*', length({name}))"
            expressions[column.name] = stars if column.is_personal else f"cast({name} as varchar)"
    return expressions


def _presence(name: str) -> str:
    return f"case when {_quoted(name)} is null then null else 1.0::double end"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
