"""The settings of a DMS task, read from the JSON that Terraform gives to AWS DMS.

Names and meanings are those of AWS (API reference S3Settings and PostgreSQLSettings; user guide,
"Specifying task settings"). A default here is AWS's default. A type that allows a single value
says that the local DMS behaves in that one way only. docs/dms-layout.md has them all in a table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from lakehouse.dms.errors import SettingsError
from lakehouse.state import REPOSITORY

TASK_FOLDER = REPOSITORY / "terraform" / "dms"
S3_TARGET, POSTGRES_SOURCE = "s3_target.json", "postgresql_source.json"
TASK_SETTINGS = "task_settings.json"


def _folded(change: Callable[[str], str]) -> BeforeValidator:
    """DMS takes the values of its enumerations in either case."""
    return BeforeValidator(lambda value: change(value) if isinstance(value, str) else value)


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is no time zone of the form Area/Location")
    return name


def _real_delimiter(text: str) -> str:
    """JSON from a shell or from Terraform may hold a backslash and an n instead of a newline."""
    return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t")


Delimiter = Annotated[str, AfterValidator(_real_delimiter), Field(min_length=1)]
lower, upper = _folded(str.lower), _folded(str.upper)
Given = TypeVar("Given")
Model = TypeVar("Model", bound=BaseModel)


class _Settings(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, extra="forbid", frozen=True, strict=True)


class S3TargetSettings(_Settings):
    """How files look and when they are written; sizes as the setting's own unit says."""

    data_format: Annotated[Literal["csv", "parquet"], lower] = "csv"
    compression_type: Annotated[Literal["NONE", "GZIP"], upper] = "NONE"
    max_file_size: int = Field(1_048_576, ge=1, le=1_048_576, description="KB")
    include_op_for_full_load: bool = False
    timestamp_column_name: str = ""
    use_task_start_time_for_full_load_timestamp: Literal[True]
    cdc_inserts_only: Literal[False] = False
    cdc_inserts_and_updates: Literal[False] = False
    cdc_max_batch_interval: int = Field(60, ge=1, description="seconds")
    cdc_min_file_size: int = Field(32_000, ge=1, description="KB")
    date_partition_enabled: bool = False
    date_partition_sequence: Annotated[
        Literal["YYYYMMDD", "YYYYMMDDHH", "YYYYMM", "MMYYYYDD", "DDMMYYYY"], upper
    ] = "YYYYMMDD"
    date_partition_delimiter: Annotated[Literal["SLASH", "UNDERSCORE", "DASH", "NONE"], upper] = (
        "SLASH"
    )
    date_partition_timezone: Annotated[str, AfterValidator(_known_timezone)] = "UTC"
    preserve_transactions: Literal[False] = False
    glue_catalog_generation: Literal[False] = False
    parquet_version: Annotated[Literal["parquet-1-0", "parquet-2-0"], lower] = "parquet-1-0"
    parquet_timestamp_in_millisecond: Literal[False] = False
    encoding_type: Annotated[Literal["plain", "plain-dictionary", "rle-dictionary"], lower] = (
        "rle-dictionary"
    )
    enable_statistics: bool = True
    row_group_length: int = Field(10_000, ge=1, description="rows")
    add_column_name: bool = False
    csv_delimiter: Delimiter = ","
    csv_row_delimiter: Delimiter = "\n"
    csv_null_value: str = "NULL"
    rfc4180: bool = True

    @property
    def zone(self) -> ZoneInfo:
        """The zone of date folders and of names of CDC files."""
        return ZoneInfo(self.date_partition_timezone)

    @property
    def suffix(self) -> str:
        """End of a file name, with the dot. Parquet is compressed inside the file."""
        if self.data_format == "parquet":
            return ".parquet"
        return ".csv.gz" if self.compression_type == "GZIP" else ".csv"


class PostgresSourceSettings(_Settings):
    """How the source is read. pglogical is refused: it cannot send whole old rows."""

    plugin_name: Annotated[Literal["test-decoding"], lower]
    heartbeat_enable: bool = False
    heartbeat_frequency: int = Field(5, ge=1, description="minutes")
    heartbeat_schema: str = "public"
    capture_ddls: Literal[True] = True
    fail_tasks_on_lob_truncation: bool = False
    map_boolean_as_boolean: Literal[False] = False
    map_jsonb_as_clob: Literal[False] = False


class TargetMetadata(_Settings):
    """Large objects: S3 has no full LOB mode, so values are limited to LobMaxSize."""

    support_lobs: Literal[True]
    full_lob_mode: Literal[False]
    limited_size_lob_mode: Literal[True]
    lob_max_size: int = Field(ge=1, le=102_400, description="KB")
    inline_lob_max_size: Literal[0] = 0
    batch_apply_enabled: Literal[False] = False


class FullLoadSettings(_Settings):
    """The full load. The last two have no effect here; see docs/dms-layout.md."""

    target_table_prep_mode: Literal["DO_NOTHING"]
    stop_task_cached_changes_applied: Literal[False] = False
    stop_task_cached_changes_not_applied: Literal[False] = False
    max_full_load_sub_tasks: int = Field(8, ge=1, le=49)
    transaction_consistency_timeout: int = Field(600, ge=0, description="seconds")
    commit_rate: int = Field(10_000, ge=1, le=50_000, description="rows")


class DdlHandling(_Settings):
    """A truncate or drop in the source leaves Bronze alone: AWS DMS would remove its files."""

    handle_source_table_dropped: Literal[False]
    handle_source_table_truncated: Literal[False]
    handle_source_table_altered: Literal[True] = True


class ErrorBehavior(_Settings):
    """Nothing is skipped: the first error stops the task."""

    data_error_policy: Literal["STOP_TASK"]
    data_truncation_error_policy: Literal["STOP_TASK"]
    table_error_policy: Literal["STOP_TASK"]
    fail_on_no_tables_captured: Literal[True]


class Logging(_Settings):
    """Logs of AWS; no effect here."""

    enable_logging: bool = False


class TaskSettings(_Settings):
    """The task's own settings."""

    target_metadata: TargetMetadata
    full_load_settings: FullLoadSettings
    change_processing_ddl_handling_policy: DdlHandling
    error_behavior: ErrorBehavior
    logging: Logging = Logging()


@dataclass(frozen=True)
class DmsSettings:
    """Everything that defines a task beside its table mappings and its two addresses."""

    target: S3TargetSettings
    source: PostgresSourceSettings
    task: TaskSettings

    @classmethod
    def read(cls, folder: Path = TASK_FOLDER) -> "DmsSettings":
        """The settings in the folder's three files.

        Raises SettingsError naming the file and the setting that is unknown, missing or not
        supported.
        """
        return cls(
            target=_read(folder / S3_TARGET, S3TargetSettings),
            source=_read(folder / POSTGRES_SOURCE, PostgresSourceSettings),
            task=_read(folder / TASK_SETTINGS, TaskSettings),
        )

    def with_target(self, **values: Any) -> "DmsSettings":
        """The same with other S3 settings, given by DMS's names. Raises SettingsError."""
        changed = {**self.target.model_dump(by_alias=True), **values}
        target = _checked("S3 settings", S3TargetSettings.model_validate, changed)
        return DmsSettings(target, self.source, self.task)


def _read(path: Path, model: type[Model]) -> Model:
    if not path.exists():
        raise SettingsError(f"{path} is missing; nothing was replicated. Restore the file.")
    return _checked(str(path), model.model_validate_json, path.read_text(encoding="utf-8"))


def _checked(where: str, validate: Callable[[Given], Model], given: Given) -> Model:
    try:
        return validate(given)
    except ValidationError as error:
        problems = "; ".join(_problem(e) for e in error.errors())
        raise SettingsError(
            f"{where}: {problems}. Nothing was replicated. docs/dms-layout.md lists the settings "
            "and values that the local DMS supports."
        ) from error


def _problem(error: Any) -> str:
    name = ".".join(map(str, error["loc"])) or "the file"
    if error["type"] == "extra_forbidden":
        return f"{name} is not a setting that the local DMS knows"
    if error["type"] == "missing":
        return f"{name} is missing"
    return f"{name} = {error['input']!r} is not supported ({error['msg']})"
