"""What the rest of the platform sees of a contract."""

from dataclasses import dataclass, field

PERSONAL = "personal"


@dataclass(frozen=True)
class Column:
    """One column of a source table, with its type in each layer.

    source_type is PostgreSQL's name, bronze_type the Parquet type that DMS writes for it,
    silver_type a Spark SQL type.
    """

    name: str
    source_type: str
    bronze_type: str
    silver_type: str
    required: bool
    unique: bool
    classification: str
    description: str
    accepted_values: tuple[str, ...] = ()
    minimum: float | None = None
    references: str | None = None
    rewriting: str | None = None

    @property
    def is_rewritten(self) -> bool:
        """Whether Silver holds another value than the source; `rewriting` says which."""
        return self.rewriting is not None

    @property
    def is_personal(self) -> bool:
        """Whether the column holds personal data, which tombstones must not keep."""
        return self.classification == PERSONAL


@dataclass(frozen=True)
class DerivedColumn:
    """A column that the Silver job adds beside the source's columns; silver_type is Spark SQL."""

    name: str
    silver_type: str
    description: str
    classification: str = "internal"
    accepted_values: tuple[str, ...] = ()
    from_other_rows: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether the column holds personal data, which tombstones must not keep."""
        return self.classification == PERSONAL


@dataclass(frozen=True)
class DerivedTable:
    """A Silver table that the job makes of the rows of another one; the source has no such table.

    group names the columns of `base` whose rows make up rows of this table together; it is empty
    for a history, which follows single rows.
    """

    name: str
    description: str
    grain: str
    base: str
    key: tuple[str, ...]
    group: tuple[str, ...]
    columns: tuple[DerivedColumn, ...]

    @property
    def is_history(self) -> bool:
        """Whether the table holds the versions of single rows."""
        return not self.group


@dataclass(frozen=True)
class Contract:
    """One source table and the Silver table made of it; grain: one row per (tenant_id, id).

    quarantine_limit is the share of a batch's rows (0 to 1) above which the batch is refused.
    """

    name: str
    version: str
    description: str
    grain: str
    source_schema: str
    source_table: str
    tenant_column: str
    history: bool
    retention_years: int
    columns: tuple[Column, ...]
    derived: tuple[DerivedColumn, ...]
    quarantine_limit: float = 0.01
    key: tuple[str, ...] = field(default=("tenant_id", "id"))

    @property
    def bronze_folder(self) -> str:
        """Folder of the table's files below the root of Bronze, as DMS names it."""
        return f"{self.source_schema}/{self.source_table}"

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the contract does not list it."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def references(self) -> tuple[str, ...]:
        """Silver tables that this table's foreign keys point to."""
        targets = {c.references.split(".")[0] for c in self.columns if c.references}
        return tuple(sorted(targets))
