"""What a column loses on its way through AWS DMS. Pure: no database.

Sources: AWS DMS user guide (2023), "Source data types for PostgreSQL" and "Setting LOB support";
the types are in contracts/README.md.
"""

import re
from collections.abc import Iterator

from contracts import Contract
from contracts.loader import bronze_type_of
from lakehouse.checks.source.catalogue import LiveColumn, LiveTable, is_lob
from lakehouse.checks.source.finding import Finding, Severity

NUMERIC = re.compile(r"numeric\((\d+),(-?\d+)\)")
WIDEST_DECIMAL = 38
ENUM, RANGES = "e", {"r", "m"}
# Carried as numbers, but not by our contracts; DMS keeps their values.
NUMBERS = {"smallint", "real", "double precision"}
AS_TEXT = ("interval", "bit", "macaddr", "cidr", "money")
MOMENT = re.compile(r"timestamp(\(\d\))? with time zone")


def column_risks(
    table: LiveTable, contract: Contract | None, *, lob_limit: int
) -> Iterator[Finding]:
    """What is wrong with the table's columns; lob_limit is LobMaxSize in bytes."""
    for column in table.columns:
        for code, severity, found, mend in _type_risks(column, lob_limit):
            yield Finding(code, severity, table.name, column.name, found, mend)
        if column.is_generated:
            yield Finding(
                *("generated", Severity.LOSS, table.name, column.name),
                "a generated column: changes do not carry it",
                "compute it in Silver or Gold instead",
            )
    if contract is not None:
        yield from _contract_risks(table, contract)


def _type_risks(column: LiveColumn, lob_limit: int) -> Iterator[tuple[str, Severity, str, str]]:
    name = column.type_name
    if is_lob(name):
        yield from _lob_risks(column, lob_limit)
    elif name.startswith("numeric"):
        yield from _numeric_risks(name)
    elif column.kind == ENUM or column.kind in RANGES or name.startswith(AS_TEXT):
        yield (
            *("arrives_as_text", Severity.RISK),
            f"{name} arrives as text, in PostgreSQL's own notation",
            "use plain columns of supported types: see contracts/README.md",
        )
    elif name.startswith("time") and not MOMENT.fullmatch(name):
        yield (
            *("zone_unknown", Severity.RISK),
            f"{name} does not say which moment it is",
            "use timestamp with time zone",
        )
    elif bronze_type_of(name) is None and name not in NUMBERS and not MOMENT.fullmatch(name):
        yield (
            *("unknown_type", Severity.LOSS),
            f"{name}: how DMS writes it is not known",
            "use a type that contracts/README.md lists",
        )


def _lob_risks(column: LiveColumn, lob_limit: int) -> Iterator[tuple[str, Severity, str, str]]:
    longest = column.longest or 0
    if longest > lob_limit:
        yield (
            *("lob_too_long", Severity.LOSS),
            f"{column.type_name} of {longest:,} bytes: DMS cuts it at {lob_limit:,}, or stops",
            "raise LobMaxSize in terraform/dms/task_settings.json above the longest value",
        )
    yield (
        *("lob", Severity.RISK),
        f"{column.type_name} is a LOB: longest {longest:,} bytes, limit {lob_limit:,}",
        "use varchar(n), or accept it with the reason why no value gets near the limit",
    )


def _numeric_risks(name: str) -> Iterator[tuple[str, Severity, str, str]]:
    match = NUMERIC.fullmatch(name)
    if match is None:
        yield (
            *("numeric_without_scale", Severity.LOSS),
            f"{name} without precision: DMS rounds it to six decimals",
            "use numeric(p,s)",
        )
        return
    precision, scale = map(int, match.groups())
    if precision > WIDEST_DECIMAL:
        yield (
            *("numeric_too_wide", Severity.LOSS),
            f"{name}: above {WIDEST_DECIMAL} digits DMS writes text",
            f"use at most numeric({WIDEST_DECIMAL},s)",
        )
    elif not 0 <= scale <= precision:
        yield (
            *("numeric_scale", Severity.LOSS),
            f"{name}: Parquet has no decimal of such a scale",
            "use a scale from 0 to the precision",
        )


def _contract_risks(table: LiveTable, contract: Contract) -> Iterator[Finding]:
    live = {column.name: column.type_name for column in table.columns}
    described = {column.name: column.source_type for column in contract.columns}
    for name in sorted(live.keys() - described.keys()):
        yield Finding(
            *("not_in_contract", Severity.LOSS, table.name, name),
            "not in the contract: it ends in Bronze",
            f"add it to contracts/{contract.name}.odcs.yaml",
        )
    for name in sorted(described.keys() - live.keys()):
        yield Finding(
            *("missing_column", Severity.LOSS, table.name, name),
            "in the contract, but not in the table",
            "run `manage.py migrate`, or remove it from the contract",
        )
    for name in sorted(live.keys() & described.keys()):
        if live[name] != described[name]:
            yield Finding(
                *("type_differs", Severity.LOSS, table.name, name),
                f"{live[name]} in the table, {described[name]} in the contract",
                "a type never changes: add a new column instead",
            )
