"""What marts and columns mean and how they are written: dbt's descriptions and types, read once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from contracts.yaml_files import read_yaml
from lakehouse.dashboard.errors import DashboardError
from lakehouse.governance.marts import MARTS_FOLDER

DOC_BLOCKS = MARTS_FOLDER.parent / "_docs.md"
_BLOCK = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.DOTALL)
_REFERENCE = re.compile(r"{{\s*doc\('(\w+)'\)\s*}}")


@dataclass(frozen=True)
class Column:
    """kind: money, percent, number, count, date, month, moment, flag or text.

    It decides how values are written. A double is a percentage when its description says that
    it is a fraction.
    """

    mart: str
    name: str
    description: str
    kind: str


class Definitions:
    """Descriptions of marts, and columns by mart and name."""

    def __init__(self, marts: Mapping[str, str], columns: Mapping[tuple[str, str], Column]) -> None:
        self.marts = marts
        self._columns = columns

    def find(self, marts: Iterable[str], column: str) -> Column | None:
        """The column of that name in the first of the marts that has it."""
        return next((c for m in sorted(marts) if (c := self._columns.get((m, column)))), None)

    def of(self, mart: str, column: str) -> Column:
        """The column. Raises DashboardError when dbt does not describe it."""
        try:
            return self._columns[mart, column]
        except KeyError:
            raise DashboardError(f"dbt's YAML describes no column {mart}.{column}") from None


@cache
def read_definitions(folder: Path = MARTS_FOLDER, blocks: Path = DOC_BLOCKS) -> Definitions:
    """All marts of the folder. Raises DashboardError when a file cannot be read."""
    marts: dict[str, str] = {}
    columns: dict[tuple[str, str], Column] = {}
    try:
        shared = {name: _plain(text) for name, text in _BLOCK.findall(blocks.read_text("utf-8"))}
        for path in sorted(folder.rglob("*.yml")):
            for model in read_yaml(path).get("models", []):
                mart = model["name"]
                marts[mart] = _resolved(model["description"], shared)
                for spec in model["columns"]:
                    columns[mart, spec["name"]] = _column(mart, spec, shared)
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise DashboardError(
            f"dbt's descriptions in {folder} are not readable: {error!r}"
        ) from error
    return Definitions(marts, columns)


def _column(mart: str, spec: Mapping[str, str], shared: Mapping[str, str]) -> Column:
    text = _resolved(spec["description"], shared)
    return Column(mart, spec["name"], text, _kind(spec["name"], spec["data_type"], text))


def _kind(name: str, data_type: str, description: str) -> str:
    if data_type.startswith("decimal"):
        return "money"
    if data_type == "double":
        return "percent" if "fraction" in description.lower() else "number"
    if data_type == "date":
        return "month" if name.endswith("month") else "date"
    if data_type.startswith("timestamp"):
        return "moment"
    return {"bigint": "count", "integer": "count", "boolean": "flag"}.get(data_type, "text")


def _resolved(text: str, shared: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda found: shared[found[1]], _plain(text))


def _plain(text: str) -> str:
    return " ".join(text.split())
