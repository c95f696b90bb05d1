"""Gold in Athena, through the workgroup of the principal.

Who may read what is decided by Lake Formation, from the role whose credentials the AWS chain gives
this process (docs/ISOLATION.md). The workgroup only says where results go and how much may be
scanned; a role is refused in the workgroup of another.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from lakehouse.dashboard.errors import DashboardError
from lakehouse.dashboard.gold.reading import Reading, Rows
from lakehouse.governance.policy import SCHEMAS

# terraform/modules/athena: a workgroup for each team, and one for each tenant.
TEAMS = {
    "analyst": "analytics-team",
    "engineer": "data-engineering",
    "admin": "data-engineering",
}
# Answers are asked for again after this time, because Athena does not say when Gold was built.
REFRESH_SECONDS = 600


def workgroup_of(principal: str, name: str) -> str:
    """The workgroup of a principal in an environment such as `lakehouse-dev`.

    Raises DashboardError for who is no principal.
    """
    role, at, slug = principal.partition("@")
    if at and role == "analyst" and slug:
        return f"{name}-tenant-{slug}"
    if not at and role in TEAMS:
        return f"{name}-{TEAMS[role]}"
    raise DashboardError(
        f"{principal!r} is no principal; nothing was read. There are: {', '.join(TEAMS)}, and "
        "analyst@SLUG for a registered tenant."
    )


class AthenaGold:
    """Asks Athena with the credentials of the AWS chain; connects when first asked.

    connect takes PyAthena's arguments and is PyAthena's own unless given.
    """

    def __init__(
        self, workgroup: str, region: str, connect: Callable[..., Any] | None = None
    ) -> None:
        self._workgroup, self._region, self._connect = workgroup, region, connect
        self._connection: Any = None
        self._period, self._reading = -1, Reading(self.run)

    def now(self) -> Reading:
        """Gold as Athena shows it; asked anew every REFRESH_SECONDS."""
        period = int(time.time() // REFRESH_SECONDS)
        if period != self._period:
            self._period, self._reading = period, Reading(self.run)
        return self._reading

    def run(self, sql: str, parameters: Sequence[str]) -> Rows:
        """The columns and rows of a statement. Raises DashboardError with Athena's reason."""
        import pyathena

        try:
            if self._connection is None:
                self._connection = (self._connect or pyathena.connect)(
                    work_group=self._workgroup,
                    region_name=self._region,
                    schema_name=SCHEMAS["gold"],
                )
            cursor = self._connection.cursor()
            cursor.execute(sql, [literal(p) for p in parameters] or None, paramstyle="qmark")
            return [column[0] for column in cursor.description], cursor.fetchall()
        except pyathena.Error as error:
            raise DashboardError(
                f"Athena ({self._workgroup}) refused or failed: {error}"
            ) from error


def literal(text: str) -> str:
    """A text as Athena's execution parameters want it: an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
