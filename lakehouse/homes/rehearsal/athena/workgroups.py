"""Workgroups: which settings a query gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lakehouse.homes.rehearsal.athena.errors import InvalidRequestError

PRIMARY = "primary"
NO_OUTPUT = (
    "No output location provided. An output location is required either through the Workgroup "
    "result configuration setting or as an API input."
)


@dataclass(frozen=True)
class QuerySettings:
    """Where results go (ends with /), whether the workgroup's settings win, the scan limit."""

    workgroup: str
    output: str
    enforced: bool
    scan_limit_bytes: int | None


def query_settings(
    name: str, workgroup: Mapping[str, Any] | None, asked: Mapping[str, Any]
) -> QuerySettings:
    """The settings of one query: `asked` is its own ResultConfiguration.

    Raises InvalidRequestError for a workgroup that does not exist or is disabled, and when nobody
    says where results go.
    """
    if workgroup is None:
        raise InvalidRequestError(f"WorkGroup {name} is not found.")
    if workgroup.get("State") == "DISABLED":
        raise InvalidRequestError(f"WorkGroup {name} is disabled.")
    configuration = workgroup.get("Configuration") or {}
    enforced = bool(configuration.get("EnforceWorkGroupConfiguration"))
    own = (configuration.get("ResultConfiguration") or {}).get("OutputLocation")
    wanted = asked.get("OutputLocation")
    output = (own or wanted) if enforced else (wanted or own)
    if not output:
        raise InvalidRequestError(NO_OUTPUT)
    if not output.startswith("s3://"):
        raise InvalidRequestError(f"outputLocation is not a valid S3 path: {output}")
    limit = configuration.get("BytesScannedCutoffPerQuery")
    return QuerySettings(name, output.rstrip("/") + "/", enforced, int(limit) if limit else None)
