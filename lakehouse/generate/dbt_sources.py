"""dbt's description of the Silver tables, from the contracts."""

from collections.abc import Iterable
from typing import Any

import yaml

from contracts import Column, Contract, DerivedColumn, DerivedTable, derived_tables
from spark_bronze_to_silver.schemas import SILVER_COMMON

HEADER = "# Generated from contracts/ by `lakehouse generate`; do not edit.\n"
# Spark SQL types as Athena and DuckDB name them.
SQL_TYPES = {"string": "varchar", "int": "integer", "array<string>": "array(varchar)"}
COMMON_DESCRIPTIONS = {
    "tenant_id": "Equal to id.",
    "is_deleted": "Whether the row was deleted in the source; such a row is a tombstone.",
    "source_op": "Last change of the row: I (insert or full load), U (update), D (delete).",
    "source_seq": "Place of that change in the source's log, 35 digits; zeros for the full load.",
    "source_order": "Place of that change among all versions of the row, 35 digits: its "
    "source_seq, or for a loaded row the start of its load.",
    "source_committed_at": "Moment (UTC) at which the source committed that change.",
    "silver_processed_at": "Moment (UTC) at which the Silver job wrote the row.",
    "dq_issues": "Codes of the data-quality rules that the row breaks; empty when clean.",
}


def dbt_sources(contracts: Iterable[Contract]) -> str:
    """YAML of dbt source `silver`: every table and column, the tests of its key, freshness."""
    contracts = list(contracts)
    source = {
        "name": "silver",
        "schema": "lakehouse_silver",
        "description": "Current state of every source row, typed; Hudi tables that the Spark job "
        "writes.",
        "config": {
            "loaded_at_field": "silver_processed_at",
            "freshness": {
                "warn_after": {"count": 26, "period": "hour"},
                "error_after": {"count": 50, "period": "hour"},
            },
        },
        "tables": [_table(c) for c in contracts] + [_derived(t) for t in derived_tables(contracts)],
    }
    document = {"version": 2, "sources": [source]}
    return HEADER + yaml.safe_dump(document, sort_keys=False, width=100, allow_unicode=True)


def _table(contract: Contract) -> dict[str, Any]:
    columns = [_column(c) for c in (*contract.columns, *contract.derived)]
    own = {c["name"] for c in columns}
    columns += [
        _column(DerivedColumn(name, silver_type, COMMON_DESCRIPTIONS[name]))
        for name, silver_type in SILVER_COMMON.items()
        if name not in own
    ]
    return {
        "name": contract.name,
        "description": contract.description,
        "data_tests": [_primary_key(contract.key)],
        "columns": columns,
    }


def _derived(table: DerivedTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": f"{table.description} {table.grain[0].upper()}{table.grain[1:]}.",
        "data_tests": [_primary_key(table.key)],
        "columns": [_column(c) for c in table.columns],
    }


def _primary_key(columns: Iterable[str]) -> dict[str, Any]:
    return {"primary_key": {"arguments": {"columns": list(columns)}}}


def _column(column: Column | DerivedColumn) -> dict[str, Any]:
    described = {
        "name": column.name,
        "data_type": SQL_TYPES.get(column.silver_type, column.silver_type),
        "description": column.description,
    }
    values = column.accepted_values
    return {**described, "data_tests": [_accepted_values(values)]} if values else described


def _accepted_values(values: Iterable[str]) -> dict[str, Any]:
    # Silver keeps such a row and flags it; a build must not stop for it.
    return {
        "accepted_values": {"arguments": {"values": list(values)}, "config": {"severity": "warn"}}
    }
