"""Statements that Athena and Trino share, and parameters: EXECUTE, PREPARE, DEALLOCATE."""

from collections.abc import Sequence

from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError
from lakehouse.homes.rehearsal.athena.tokens import Reader
from lakehouse.homes.rehearsal.athena.translation.plan import Context, Kind, Plan, literal

# First word -> SubstatementType.
SHARED = {
    "SELECT": "SELECT",
    "WITH": "SELECT",
    "VALUES": "SELECT",
    "TABLE": "SELECT",
    "INSERT": "INSERT",
    "DELETE": "DELETE",
    "UPDATE": "UPDATE",
    "MERGE": "MERGE",
}


def query(reader: Reader, context: Context, substatement: str) -> Plan:
    """A query or a change of rows."""
    return Plan(Kind.DML, substatement, [reader.sql])


def explain(reader: Reader, context: Context) -> Plan:
    """EXPLAIN of what follows."""
    return Plan(Kind.UTILITY, "EXPLAIN", [f"explain {reader.sql}"])


def with_parameters(text: str, values: Sequence[str]) -> str:
    """The statement with its question marks bound to these literals."""
    return f"execute immediate {literal(text)} using {', '.join(map(_checked, values))}"


def _checked(value: str) -> str:
    reader = Reader(value)
    if len(reader.items()) != 1:
        raise InvalidRequestError(f"parameter {value!r} is not one literal")
    reader.back_to(0)
    return reader.sql


def prepare(reader: Reader, context: Context) -> Plan:
    """PREPARE name FROM statement: kept with the workgroup."""
    name = reader.identifier()
    reader.expect("FROM")
    text = reader.rest
    return Plan(Kind.DDL, "PREPARE", act=lambda rows: context.prepare(name, text))


def deallocate(reader: Reader, context: Context) -> Plan:
    """DEALLOCATE PREPARE name."""
    reader.expect("PREPARE")
    name = reader.identifier()
    reader.end()
    return Plan(Kind.DDL, "DEALLOCATE", act=lambda rows: context.prepare(name, None))


def execute(reader: Reader, context: Context) -> tuple[str, list[str]]:
    """EXECUTE name [USING ..]: the prepared statement and its parameters."""
    name = reader.identifier()
    text = context.prepared(name)
    if text is None:
        raise InvalidRequestError(f"PreparedStatement {name} was not found")
    values = []
    if reader.accept("USING"):
        values = [item.rest for item in reader.items()]
    return text, values
