"""Puts the policy into force in Trino before a query starts."""

import json
import threading
import time
from pathlib import Path
from typing import Any

from lakehouse.homes.rehearsal.athena.access.grants import read_grants
from lakehouse.homes.rehearsal.athena.access.policy import Policy, compile_policy
from lakehouse.homes.rehearsal.athena.access.rules import trino_rules
from lakehouse.homes.rehearsal.athena.catalog import Catalog, column_names
from lakehouse.homes.rehearsal.athena.errors import AccessDeniedError
from lakehouse.homes.rehearsal.engine.settings import CLOSED, REFRESH_SECONDS
from lakehouse.homes.rehearsal.identity.principals import root_of


class Gate:
    """The file of Trino's rules; rewritten when what Lake Formation holds has changed."""

    def __init__(self, rules: Path) -> None:
        self._file = rules
        self._lock = threading.Lock()
        self._written: dict[str, Any] | None = None

    def policy(self, account: str, region: str) -> Policy:
        """The policy that is now in force.

        Raises AccessDeniedError when it cannot be read; then Trino is closed to everybody.
        """
        with self._lock:
            try:
                policy, rules = _compiled(Catalog(account, region), account, region)
            except Exception as error:
                self._put(CLOSED)
                raise AccessDeniedError(
                    f"what Lake Formation grants cannot be read ({error}); all is closed"
                ) from error
            self._put(rules)
            return policy

    def _put(self, rules: dict[str, Any]) -> None:
        if rules == self._written:
            return
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(rules, indent=1))
        fresh.replace(self._file)
        # Trino looks at the file again after the period, when it is asked the next time.
        time.sleep(REFRESH_SECONDS + 0.2)
        self._written = rules


def _compiled(catalog: Catalog, account: str, region: str) -> tuple[Policy, dict[str, Any]]:
    policy = compile_policy(root_of(account), *read_grants(account, region))

    def columns(database: str, table: str) -> list[str] | None:
        found = catalog.find(database, table)
        return None if found is None else column_names(found)

    def tables(database: str) -> list[str]:
        return list(catalog.tables(database)) if database in catalog.databases() else []

    return policy, trino_rules(policy, columns, tables)
