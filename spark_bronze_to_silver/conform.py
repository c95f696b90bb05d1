"""Types Bronze rows by the contract and gives them the columns that every Silver row has."""

import functools

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from contracts import Column as ContractColumn
from contracts import Contract
from spark_bronze_to_silver.generations import FULL_LOAD_SEQ, order_of_load
from spark_bronze_to_silver.moments import now_beside
from spark_bronze_to_silver.schemas import (
    CHANGE_SEQ,
    CHANGE_SEQ_PATTERN,
    COMMITTED_AT,
    FILE,
    MALFORMED,
    OP,
    OPERATIONS,
    PROBLEM,
    RAW,
    ROW_HASH,
    bronze_schema,
    typed_columns,
)

DMS_TIMESTAMP = "yyyy-MM-dd HH:mm:ss.SSSSSS"
LOAD_PATH = "/(SEGMENT[0-9]+_)?LOAD[0-9A-F]{8}[.][a-z.]+$"
# How DMS writes a Bronze type as text.
TEXT_FORMS = {
    "int32": r"^-?[0-9]+$",
    "int64": r"^-?[0-9]+$",
    "decimal": r"^-?[0-9]+(\.[0-9]+)?$",
    "date32": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "timestamp": r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?$",
}


def conform(changes: DataFrame, contract: Contract) -> DataFrame:
    """Typed rows, one per Bronze row: the Silver columns, `_file`, `_problem` and `_raw`.

    `_problem` names the first thing that keeps a row out of Silver (no key, an unknown
    operation, no place in the log or a value that its type cannot take), else it is null.
    `_raw` has the Bronze values of such a row as JSON, each as text.
    """
    texts = frozenset(name for name, kind in changes.dtypes if kind == "string")
    kept = [name for name in (FILE, ROW_HASH) if name in changes.columns]
    return changes.select(*_conformed(contract, texts), *kept)


# Built once a process: to put so many columns together takes a tenth of a small batch's calls
# into Java.
@functools.cache
def _conformed(contract: Contract, texts: frozenset[str]) -> tuple[Column, ...]:
    """What `conform` selects from columns of which these are texts."""
    typed = {c.name: _typed(c, is_text=c.name in texts) for c in contract.columns}
    is_delete = F.col(OP) == "D"
    values = {
        **{c.name: _without_personal_data(c, typed[c.name], is_delete) for c in contract.columns},
        "tenant_id": typed[contract.tenant_column],
        "is_deleted": F.coalesce(is_delete, F.lit(False)),
        # DMS before 3.4.7 writes no Op on full load: such a row is an insert.
        "source_op": F.coalesce(F.when(F.col(OP) != "", F.col(OP)), F.lit("I")),
        "source_seq": _sequence(),
        "source_order": F.when(_is_loaded(), order_of_load(_committed_at())).otherwise(_sequence()),
        "source_committed_at": _committed_at(),
        "silver_processed_at": now_beside(OP),
        "dq_issues": F.array().cast("array<string>"),
    }
    selected = [values[name].alias(name) for name in typed_columns(contract)]
    problem = _problem(contract, typed)
    raw = F.when(problem.isNotNull(), _raw(contract))
    return *selected, problem.alias(PROBLEM), raw.alias(RAW)


def _typed(column: ContractColumn, *, is_text: bool) -> Column:
    """The value in its Silver type; null when it cannot be typed.

    DMS writes PostgreSQL booleans as the strings true and false. Text of any other type must
    have the form that DMS gives it: Spark's own cast takes 12.7 for the whole number 12.
    """
    value = F.col(f"`{column.name}`")
    form = TEXT_FORMS.get(column.bronze_type.split("(")[0])
    if is_text and form:
        value = F.when(value.rlike(form), value)
    if column.silver_type == "boolean":
        return F.when(value == "true", True).when(value == "false", False)
    return value.cast(column.silver_type)


def _without_personal_data(column: ContractColumn, value: Column, is_delete: Column) -> Column:
    return F.when(~F.coalesce(is_delete, F.lit(False)), value) if column.is_personal else value


def _is_loaded() -> Column:
    """Whether a full load wrote the row: those have no change sequence."""
    return F.coalesce(F.col(CHANGE_SEQ), F.lit("")) == ""


def _sequence() -> Column:
    return F.when(_is_loaded(), F.lit(FULL_LOAD_SEQ)).otherwise(F.col(CHANGE_SEQ))


def _committed_at() -> Column:
    return F.to_timestamp(COMMITTED_AT, DMS_TIMESTAMP)


def _raw(contract: Contract) -> Column:
    names = [*bronze_schema(contract).fieldNames(), MALFORMED]
    texts = [F.col(f"`{name}`").cast("string").alias(name) for name in names]
    return F.to_json(F.struct(*texts))


def _problem(contract: Contract, typed: dict[str, Column]) -> Column:
    checks = [F.when(F.col(MALFORMED).isNotNull(), F.lit("wrong_number_of_fields"))]
    checks += [
        F.when(typed[name].isNull(), F.lit(f"no_key:{name}"))
        for name in dict.fromkeys((contract.tenant_column, "id"))
    ]
    checks.append(
        F.when(F.col(OP).isNotNull() & ~F.col(OP).isin("", *OPERATIONS), F.lit("unknown_operation"))
    )
    # A change without sequence would count as a full load, and so as a new snapshot of the table.
    is_change = ~F.col(FILE).rlike(LOAD_PATH)
    checks.append(F.when(is_change & _is_loaded(), F.lit("missing_sequence")))
    checks.append(F.when(~_sequence().rlike(CHANGE_SEQ_PATTERN), F.lit("malformed_sequence")))
    no_time = _committed_at().isNull() & (F.coalesce(F.col(COMMITTED_AT), F.lit("")) != "")
    checks.append(F.when(no_time, F.lit(f"untypable:{COMMITTED_AT}")))
    checks += [
        F.when(
            F.col(f"`{c.name}`").isNotNull() & typed[c.name].isNull(), F.lit(f"untypable:{c.name}")
        )
        for c in contract.columns
    ]
    return F.coalesce(*checks)
