"""Reads the contract files into typed objects, and refuses what cannot be used."""

import graphlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml

from contracts.errors import ContractError
from contracts.model import Column, Contract, DerivedColumn, DerivedTable
from contracts.yaml_files import read_yaml

CONTRACTS_FOLDER = Path(__file__).resolve().parent
SUFFIX = ".odcs.yaml"

# How DMS writes a PostgreSQL type to Parquet, and the Silver types that may be read from it.
# Source: AWS DMS user guide, "Source data types for PostgreSQL" and "Target data types for
# S3 Parquet": booleans, UUIDs, JSON and network addresses arrive as strings.
DMS_TYPES = {
    "uuid": "string",
    "text": "string",
    "jsonb": "string",
    "inet": "string",
    "boolean": "string",
    "integer": "int32",
    "bigint": "int64",
    "date": "date32",
    "timestamp with time zone": "timestamp",
}
SILVER_TYPES = {
    "string": {"string", "boolean"},
    "int32": {"int", "bigint"},
    "int64": {"bigint"},
    "date32": {"date"},
    "timestamp": {"timestamp"},
    "decimal": {"decimal"},
}
Read = TypeVar("Read")
CLASSIFICATIONS = {"public", "internal", "personal"}


def load_contracts(folder: Path | None = None) -> dict[str, Contract]:
    """All contracts by Silver table name, a referenced table before those that refer to it.

    Raises ContractError when the folder holds none, a file is broken or a reference is unknown.
    """
    folder = folder or CONTRACTS_FOLDER
    contracts = {c.name: c for c in map(load_contract, sorted(folder.glob(f"*{SUFFIX}")))}
    if not contracts:
        raise ContractError(f"{folder}: no contract (*{SUFFIX}) in this folder")
    for contract in contracts.values():
        for target in contract.references:
            if target not in contracts:
                raise ContractError(
                    f"{contract.name}{SUFFIX}: refers to table {target!r}, which has no contract"
                )
    graph = {name: contract.references for name, contract in contracts.items()}
    return {name: contracts[name] for name in graphlib.TopologicalSorter(graph).static_order()}


def load_contract(path: Path) -> Contract:
    """The contract in one file. Raises ContractError, which names the file and the place."""
    contract = _read(path, _contract)
    _check(contract, path.name)
    return contract


def load_derived_table(path: Path) -> DerivedTable:
    """The contract of a table without a source table. Raises ContractError as load_contract."""
    table = _read(path, _derived_table)
    for column in table.columns:
        _check_classification(column, path.name)
    names = {c.name for c in table.columns}
    missing = [n for n in ("tenant_id", *table.key, *table.group) if n not in names]
    if missing:
        raise ContractError(f"{path.name}: column {missing[0]!r} is missing; it is part of the key")
    return table


def _read(path: Path, make: Callable[[dict[str, Any]], Read]) -> Read:
    try:
        document = read_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(f"{path.name}: not readable as YAML: {error}") from error
    try:
        return make(document)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise ContractError(f"{path.name}: missing or malformed: {error}") from error


def _derived_table(document: dict[str, Any]) -> DerivedTable:
    table = document["schema"][0]
    custom = _custom(table)
    keys = [p for p in table["properties"] if p.get("primaryKey")]
    return DerivedTable(
        name=table["name"],
        description=document["description"]["purpose"],
        grain=table["dataGranularityDescription"],
        base=custom["derivedFrom"],
        key=tuple(p["name"] for p in sorted(keys, key=lambda p: p["primaryKeyPosition"])),
        group=tuple(custom["groupedBy"]),
        columns=tuple(_derived(p) for p in table["properties"]),
    )


def _contract(document: dict[str, Any]) -> Contract:
    table = document["schema"][0]
    custom = _custom(table)
    retention = {p["property"]: p["value"] for p in document["slaProperties"]}["retention"]
    return Contract(
        name=table["name"],
        version=str(document["version"]),
        description=document["description"]["purpose"],
        grain=table["dataGranularityDescription"],
        source_schema=custom["sourceSchema"],
        source_table=table["physicalName"],
        tenant_column=custom["tenantColumn"],
        history=custom["history"],
        retention_years=int(retention),
        quarantine_limit=float(custom.get("quarantineLimit", Contract.quarantine_limit)),
        columns=tuple(_column(p) for p in table["properties"] if not _is_derived(p)),
        derived=tuple(_derived(p) for p in table["properties"] if _is_derived(p)),
    )


def _is_derived(spec: dict[str, Any]) -> bool:
    """Silver's own column; a source column with transformLogic is one that Silver rewrites."""
    return "physicalType" not in spec


def _derived(spec: dict[str, Any]) -> DerivedColumn:
    if "transformLogic" not in spec:
        raise KeyError(f"column {spec['name']!r} needs physicalType, or transformLogic if derived")
    return DerivedColumn(
        name=spec["name"],
        silver_type=_custom(spec)["silverType"],
        description=spec["description"],
        classification=spec["classification"],
        accepted_values=_accepted_values(spec),
        from_other_rows=_custom(spec).get("fromOtherRows", False),
    )


def _column(spec: dict[str, Any]) -> Column:
    custom = _custom(spec)
    targets = [r["to"] for r in spec.get("relationships", [])]
    return Column(
        name=spec["name"],
        source_type=spec["physicalType"],
        bronze_type=custom["bronzeType"],
        silver_type=custom["silverType"],
        required=spec["required"],
        unique=spec.get("unique", False),
        classification=spec["classification"],
        description=spec["description"],
        accepted_values=_accepted_values(spec),
        minimum=spec.get("logicalTypeOptions", {}).get("minimum"),
        references=targets[0] if targets else None,
        rewriting=spec.get("transformLogic"),
    )


def _custom(spec: dict[str, Any]) -> dict[str, Any]:
    return {p["property"]: p["value"] for p in spec["customProperties"]}


def _accepted_values(spec: dict[str, Any]) -> tuple[str, ...]:
    for rule in spec.get("quality", []):
        if rule["metric"] == "invalidValues":
            return tuple(rule["arguments"]["validValues"])
    return ()


def _check(contract: Contract, file: str) -> None:
    names = [c.name for c in (*contract.columns, *contract.derived)]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ContractError(f"{file}: column {twice[0]!r} stands twice")
    for needed in ("id", contract.tenant_column):
        if needed not in names:
            raise ContractError(f"{file}: column {needed!r} is missing; it is part of the key")
        if not contract.column(needed).required:
            raise ContractError(f"{file}: column {needed!r} is part of the key: required: true")
    if not 0 <= contract.quarantine_limit <= 1:
        raise ContractError(
            f"{file}: quarantineLimit is a share between 0 and 1, not {contract.quarantine_limit}"
        )
    for column in contract.columns:
        _check_column(column, file)
    for column in contract.derived:
        _check_classification(column, file)


def _check_classification(column: Column | DerivedColumn, file: str) -> None:
    if column.classification not in CLASSIFICATIONS:
        raise ContractError(
            f"{file}: column {column.name!r}: classification must be one of "
            f"{sorted(CLASSIFICATIONS)}"
        )


def _check_column(column: Column, file: str) -> None:
    place = f"{file}: column {column.name!r}"
    expected = bronze_type_of(column.source_type)
    if expected is None:
        raise ContractError(f"{place}: unknown physicalType {column.source_type!r}")
    if column.bronze_type != expected:
        raise ContractError(
            f"{place}: bronzeType is {column.bronze_type!r}, but DMS writes {expected!r} "
            f"for {column.source_type}"
        )
    base, silver = column.bronze_type.split("(")[0], column.silver_type.split("(")[0]
    if silver not in SILVER_TYPES[base]:
        raise ContractError(f"{place}: silverType {column.silver_type!r} cannot hold {base}")
    _check_classification(column, file)


def bronze_type_of(source_type: str) -> str | None:
    """The Parquet type that DMS writes for a PostgreSQL type; None when it is not supported."""
    if source_type.startswith("character varying("):
        return "string"
    if source_type.startswith("numeric("):
        return "decimal" + source_type.removeprefix("numeric")
    return DMS_TYPES.get(source_type)
