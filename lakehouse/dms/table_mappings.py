"""Table mappings of a DMS task: which tables it replicates, and the columns it adds to them.

The JSON is the one that AWS DMS reads (user guide, "Using table mapping to specify task settings").
`%` in a schema or table name stands for any text. Kinds of rules that the local DMS does not know
are refused.
"""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from contracts import Contract
from lakehouse.dms.errors import SettingsError


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class _Rule(BaseModel):
    model_config = ConfigDict(alias_generator=_kebab, extra="forbid", frozen=True)

    rule_id: str
    rule_name: str


class Locator(BaseModel):
    """Which tables a rule is about."""

    model_config = ConfigDict(alias_generator=_kebab, extra="forbid", frozen=True)

    schema_name: str
    table_name: str

    def matches(self, contract: Contract) -> bool:
        """Whether the rule is about the contract's source table."""
        return _like(contract.source_schema, self.schema_name) and _like(
            contract.source_table, self.table_name
        )


class Selection(_Rule):
    """Takes tables in or leaves them out; leaving out wins."""

    rule_type: Literal["selection"]
    object_locator: Locator
    rule_action: Literal["include", "exclude"]


class StringType(BaseModel):
    """The type of an added column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["string"]
    length: int = Field(ge=35)


class AddColumn(_Rule):
    """Adds the change sequence under the name `value`."""

    rule_type: Literal["transformation"]
    rule_target: Literal["column"]
    object_locator: Locator
    rule_action: Literal["add-column"]
    value: str = Field(min_length=1)
    expression: Literal["$AR_H_CHANGE_SEQ"]
    data_type: StringType


class TableMappings(BaseModel):
    """The rules of one task."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    rules: tuple[Annotated[Selection | AddColumn, Field(discriminator="rule_type")], ...]

    @classmethod
    def read(cls, path: Path) -> "TableMappings":
        """The mappings in the file. Raises SettingsError naming what is not supported."""
        if not path.exists():
            raise SettingsError(f"{path} is missing; nothing was replicated. Run `make generate`.")
        return cls.parse(path.read_text(encoding="utf-8"), str(path))

    @classmethod
    def parse(cls, text: str, where: str = "table mappings") -> "TableMappings":
        """The mappings in the JSON text. Raises SettingsError naming what is not supported."""
        try:
            return cls.model_validate(json.loads(text))
        except (ValidationError, ValueError) as error:
            problem = _problem(error.errors()[0]) if isinstance(error, ValidationError) else error
            raise SettingsError(
                f"{where}: {problem}. Nothing was replicated. The local DMS knows selection rules "
                "and add-column with $AR_H_CHANGE_SEQ."
            ) from error

    def select(self, contracts: Mapping[str, Contract]) -> dict[str, Contract]:
        """The contracts whose tables the task replicates.

        Raises SettingsError when there is none (FailOnNoTablesCaptured).
        """
        selected = {name: c for name, c in contracts.items() if self._is_selected(c)}
        if not selected:
            raise SettingsError(
                "the table mappings select no table that has a contract; nothing was replicated. "
                "Run `make generate`."
            )
        return selected

    def sequence_column(self, contract: Contract) -> str | None:
        """Name of the column that holds the change sequence of this table; None without rule."""
        names = [
            r.value
            for r in self.rules
            if isinstance(r, AddColumn) and r.object_locator.matches(contract)
        ]
        return names[-1] if names else None

    def _is_selected(self, contract: Contract) -> bool:
        actions = {
            r.rule_action
            for r in self.rules
            if isinstance(r, Selection) and r.object_locator.matches(contract)
        }
        return actions == {"include"}


def _like(name: str, pattern: str) -> bool:
    escaped = pattern.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")
    return fnmatchcase(name, escaped.replace("%", "*"))


def _problem(error: Any) -> str:
    place = ".".join(map(str, error["loc"]))
    return f"{place} = {error['input']!r} is not supported ({error['msg']})"
