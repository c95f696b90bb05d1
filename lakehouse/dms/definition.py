"""What the parts of one replication task have in common."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg2.extensions

from contracts import Contract
from lakehouse.dms import source
from lakehouse.dms.bronze import Bronze
from lakehouse.dms.delivery import Delivery
from lakehouse.dms.lock import exclusive
from lakehouse.dms.settings import DmsSettings


@dataclass(frozen=True)
class TaskDefinition:
    """From where to where a task replicates, and how it is observed.

    dsn is a libpq connection string; contracts are those of the selected tables. clock gives UTC.
    on_progress is called with a table and its rows so far. checkpoint is called with the name of
    each step that a crash may interrupt; tests kill the process there. needs_full_identity says
    to refuse tables whose old rows the log holds only in part. delivery makes files of changes.
    """

    dsn: str
    bronze: Bronze
    settings: DmsSettings
    state_file: Path
    contracts: Mapping[str, Contract]
    slot: str
    publication: str
    clock: Callable[[], datetime]
    on_progress: Callable[[str, int], None]
    checkpoint: Callable[[str], None]
    needs_full_identity: bool = True
    delivery: Delivery = field(default_factory=Delivery)

    def exclusive(self) -> AbstractContextManager[None]:
        """The lock of this task, for the time of a `with`; see lock.exclusive."""
        return exclusive(self.state_file.parent)

    def check_tables(self, connection: psycopg2.extensions.connection) -> list[str]:
        """Warnings about the source; raises what source.check_columns and check_setup raise."""
        warnings = source.check_columns(connection, self.contracts.values())
        source.check_setup(
            connection,
            self.publication,
            self.contracts.values(),
            needs_full_identity=self.needs_full_identity,
        )
        return warnings
