"""Trino's client protocol: a statement in, pages of rows out.

Own code, sixty lines, because values are wanted as the server wrote them (Athena answers text, and
1.0E10 has to stay 1.0E10) and the scanned bytes while the query runs.
Source: Trino documentation, "Trino client REST API".
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import urllib3

from lakehouse.homes.rehearsal.athena.errors import StatementError
from lakehouse.homes.rehearsal.engine.settings import HIVE

USER_ERROR = "USER_ERROR"
MAX_CONNECTIONS = 64


@dataclass
class Rows:
    """Result of a statement: columns as Trino describes them, values as its JSON has them.

    count is the number of changed rows, None for a query.
    """

    columns: list[dict[str, Any]] = field(default_factory=list)
    values: list[list[Any]] = field(default_factory=list)
    count: int | None = None
    update: str | None = None
    scanned_bytes: int = 0


# Called with the bytes scanned so far; an exception of its ends the statement.
OnProgress = Callable[[int], None]


class TrinoClient:
    """Runs statements as any user: the endpoint knows who asks, Trino believes it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager(maxsize=MAX_CONNECTIONS, retries=3)

    def run(
        self,
        statement: str,
        *,
        user: str,
        database: str,
        session: Mapping[str, str],
        on_progress: OnProgress,
        cancelled: threading.Event,
    ) -> Rows:
        """The whole result. Raises StatementError when the statement fails or is cancelled."""
        headers = {
            "X-Trino-User": user,
            "X-Trino-Catalog": HIVE,
            "X-Trino-Schema": database,
            "X-Trino-Source": "athena",
            "X-Trino-Time-Zone": "UTC",
            "X-Trino-Client-Capabilities": "PATH,PARAMETRIC_DATETIME",
            "X-Trino-Session": ",".join(f"{name}={quote(v)}" for name, v in session.items()),
        }
        rows = Rows()
        page = self._ask("POST", f"{self._url}/v1/statement", headers, statement.encode())
        while True:
            _add(rows, page)
            following = page.get("nextUri")
            if not following:
                return rows
            try:
                if cancelled.is_set():
                    raise StatementError("USER_CANCELED", "Query was canceled")
                on_progress(rows.scanned_bytes)
            except BaseException:
                self._http.request("DELETE", following, headers=headers)
                raise
            page = self._ask("GET", following, headers)

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> dict[str, Any]:
        answer = self._http.request(method, url, headers=headers, body=body)
        if answer.status != 200:
            raise StatementError(
                "INTERNAL_ERROR", f"Trino answered {answer.status}: {answer.data[:200]!r}"
            )
        return json.loads(answer.data, parse_float=str)


def _add(rows: Rows, page: Mapping[str, Any]) -> None:
    stats = page.get("stats", {})
    rows.scanned_bytes = max(rows.scanned_bytes, stats.get("physicalInputBytes", 0))
    rows.columns = page.get("columns") or rows.columns
    rows.values += page.get("data") or []
    rows.update = page.get("updateType") or rows.update
    if "updateCount" in page:
        rows.count = page["updateCount"]
    if error := page.get("error"):
        category = 2 if error["errorType"] == USER_ERROR else 1
        raise StatementError(error["errorName"], error["message"], category=category)
