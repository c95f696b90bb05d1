"""Types Bronze rows by the contract and gives them the columns that every Silver row has."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from contracts import Column as ContractColumn
from contracts import Contract
from spark_bronze_to_silver.schemas import CHANGE_SEQ, COMMITTED_AT, OP, typed_columns

# Full-load rows have no change sequence; zeros sort before every change.
FULL_LOAD_SEQ = "0" * 35
SEQ_PATTERN = "^[0-9]{35}$"
DMS_TIMESTAMP = "yyyy-MM-dd HH:mm:ss.SSSSSS"
OPERATIONS = ("I", "U", "D")
# Why a row could not be typed; null when it could. Never written to Silver.
PROBLEM = "_problem"


def conform(changes: DataFrame, contract: Contract) -> DataFrame:
    """Typed rows, one per Bronze row: the Silver columns, and `_problem`.

    `_problem` names the first thing that keeps a row out of Silver (no key, an unknown
    operation, a malformed sequence or a value that its type cannot take), else it is null.
    """
    typed = {c.name: _typed(c) for c in contract.columns}
    is_delete = F.col(OP) == "D"
    values = {
        **{c.name: _without_personal_data(c, typed[c.name], is_delete) for c in contract.columns},
        "tenant_id": typed[contract.tenant_column],
        "is_deleted": F.coalesce(is_delete, F.lit(False)),
        # DMS before 3.4.7 writes no Op on full load: such a row is an insert.
        "source_op": F.coalesce(F.when(F.col(OP) != "", F.col(OP)), F.lit("I")),
        "source_seq": _sequence(),
        "source_committed_at": F.to_timestamp(COMMITTED_AT, DMS_TIMESTAMP),
        "silver_processed_at": F.current_timestamp(),
        "dq_issues": F.array().cast("array<string>"),
    }
    selected = [values[name].alias(name) for name in typed_columns(contract)]
    return changes.select(*selected, _problem(contract, typed).alias(PROBLEM))


def _typed(column: ContractColumn) -> Column:
    """The value in its Silver type; null when it cannot be typed.

    DMS writes PostgreSQL booleans as the strings true and false.
    """
    value = F.col(f"`{column.name}`")
    if column.silver_type == "boolean":
        return F.when(value == "true", True).when(value == "false", False)
    return value.cast(column.silver_type)


def _without_personal_data(column: ContractColumn, value: Column, is_delete: Column) -> Column:
    return F.when(~F.coalesce(is_delete, F.lit(False)), value) if column.is_personal else value


def _sequence() -> Column:
    given = F.col(CHANGE_SEQ)
    return F.when(given.isNull() | (given == ""), F.lit(FULL_LOAD_SEQ)).otherwise(given)


def _problem(contract: Contract, typed: dict[str, Column]) -> Column:
    checks = [
        F.when(typed[name].isNull(), F.lit(f"no_key:{name}"))
        for name in dict.fromkeys((contract.tenant_column, "id"))
    ]
    checks.append(
        F.when(F.col(OP).isNotNull() & ~F.col(OP).isin("", *OPERATIONS), F.lit("unknown_operation"))
    )
    checks.append(F.when(~_sequence().rlike(SEQ_PATTERN), F.lit("malformed_sequence")))
    checks += [
        F.when(
            F.col(f"`{c.name}`").isNotNull() & typed[c.name].isNull(), F.lit(f"untypable:{c.name}")
        )
        for c in contract.columns
    ]
    return F.coalesce(*checks)
