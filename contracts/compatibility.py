"""Which version a changed contract needs, by semantic versioning, and why.

Major: what readers of Silver, or files that are already in Bronze, relied on is no longer so.
Minor: something is new or looser. Patch: anything else that is compared. Texts need no new version.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

from contracts.model import Contract

VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
# Every value of the first type is one of the second, in Bronze's names and in Silver's.
WIDER = {("int32", "int64"), ("int", "bigint")}
TABLE_IDENTITY = ("source_schema", "source_table", "tenant_column", "key")


class Level(IntEnum):
    """The part of the version that a change raises."""

    NONE, PATCH, MINOR, MAJOR = range(4)


@dataclass(frozen=True)
class Change:
    """One difference between two contracts of a table."""

    level: Level
    reason: str


def shape_of(contract: Contract) -> dict[str, Any]:
    """What is compared of a contract, as plain values; `version` is beside it."""
    whole = asdict(contract)
    kept = (*TABLE_IDENTITY, "version", "history", "quarantine_limit", "retention_years")
    columns = {c.name: _column_shape(asdict(c)) for c in contract.columns}
    derived = {c.name: _column_shape(asdict(c)) for c in contract.derived}
    return {**{name: whole[name] for name in kept}, "columns": columns, "derived": derived}


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """All differences between two shapes, the ones that weigh most first."""
    found = [*_table_changes(old, new)]
    for kind in ("columns", "derived"):
        found += _columns_changes(old[kind], new[kind])
    if [n for n in old["columns"] if n in new["columns"]] != [
        n for n in new["columns"] if n in old["columns"]
    ]:
        found.append(_major("columns have another order: files without a header go by position"))
    return sorted(found, key=lambda change: -change.level)


def is_widened(old: str, new: str) -> bool:
    """Whether the new type holds every value of the old one exactly, and more."""
    before, after = DECIMAL.fullmatch(old), DECIMAL.fullmatch(new)
    if before and after and old != new:
        whole = [int(p) - int(s) for p, s in (before.groups(), after.groups())]
        return whole[1] >= whole[0] and int(after[2]) >= int(before[2])
    return (old, new) in WIDER


def version_allows(old: str, new: str, level: Level) -> bool:
    """Whether the step between two versions is as large as the level asks."""
    before, after = version_parts(old), version_parts(new)
    if level is Level.NONE:
        return after >= before
    return after[: 4 - level] > before[: 4 - level]


def version_parts(version: str) -> tuple[int, int, int]:
    """Major, minor, patch. Raises ValueError for a text of another form."""
    found = VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"version {version!r} is not of the form 1.2.3")
    return int(found[1]), int(found[2]), int(found[3])


def _table_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in TABLE_IDENTITY:
        if list(_listed(old[name])) != list(_listed(new[name])):
            yield _major(f"{name} is {new[name]!r}, it was {old[name]!r}")
    if old["history"] != new["history"]:
        kept = new["history"]
        yield _minor("a history is kept") if kept else _major("the history is no longer kept")
    if new["retention_years"] < old["retention_years"]:
        yield _major(f"rows are kept for {new['retention_years']} years only")
    for name in ("quarantine_limit", "retention_years"):
        if new[name] != old[name]:
            yield Change(Level.PATCH, f"{name} is {new[name]}, it was {old[name]}")


def _columns_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in old:
        if name not in new:
            yield _major(
                f"column {name!r} is gone: keep it, with required: false, and its new rows are null"
            )
    for name, column in new.items():
        if name in old:
            yield from _column_changes(name, old[name], column)
        elif column.get("required"):
            yield _major(f"column {name!r} is new and required: files that lack it are refused")
        else:
            yield _minor(f"column {name!r} is new")


def _column_changes(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for kind in ("bronze_type", "silver_type"):
        before, after = old.get(kind), new.get(kind)
        if before == after:
            continue
        text = f"column {name!r}: {kind} is {after}, it was {before}"
        yield _minor(text) if is_widened(before, after) else _major(f"{text}, which is no widening")
    if old.get("required") and not new.get("required"):
        yield _major(f"column {name!r} may be null now")
    if new.get("required") and not old.get("required"):
        yield _major(f"column {name!r} is required now: rows without it are refused")
    if old.get("unique") and not new.get("unique"):
        yield _major(f"column {name!r} need not be unique any more")
    if old["classification"] != new["classification"]:
        text = f"column {name!r} is {new['classification']}, it was {old['classification']}"
        is_hidden = new["classification"] == "personal"
        yield _major(f"{text}: readers lose it") if is_hidden else _minor(text)
    if old.get("references") != new.get("references"):
        yield _major(f"column {name!r} refers to {new.get('references')}")
    for rule in ("accepted_values", "minimum", "rewriting"):
        if _listed(old.get(rule)) != _listed(new.get(rule)):
            yield _minor(f"column {name!r}: {rule} changed")
    if new.get("unique") and not old.get("unique"):
        yield _minor(f"column {name!r} is unique now")


def _column_shape(column: Mapping[str, Any]) -> dict[str, Any]:
    """Without its texts, and without what is not set."""
    left_out = ("name", "description", "source_type")
    return {k: _listed(v) for k, v in column.items() if k not in left_out and v not in (None, ())}


def _listed(value: Any) -> Any:
    """As JSON gives it back."""
    return list(value) if isinstance(value, tuple) else value


def _major(reason: str) -> Change:
    return Change(Level.MAJOR, reason)


def _minor(reason: str) -> Change:
    return Change(Level.MINOR, reason)
