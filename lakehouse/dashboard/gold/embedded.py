"""Gold in the state folder, through the governed connection and nothing else."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from contracts import load_contracts
from lakehouse.dashboard.gold.reading import Reading, Rows
from lakehouse.dashboard.question import Question
from lakehouse.errors import LakehouseError
from lakehouse.governance import AccessDeniedError, PolicyError, RegistryError, Relation
from lakehouse.governance.registry import read_registry
from lakehouse.homes.embedded.governed import GovernedConnection, open_connection, policy_of
from lakehouse.state import State

# A build holds Gold's file for half a minute; until this has passed it is not tried again.
RETRY_SECONDS = 15.0
BEING_BUILT = "New data are being built; this page shows the state before."
Stamp = tuple[int, int] | None


class EmbeddedGold:
    """Opens a connection for one principal; a new one when Gold or the registry has changed.

    While a build holds the file, the state before it is shown; a principal that is let in no longer
    is refused at once.
    """

    def __init__(self, principal: str, state: State, questions: Iterable[Question]) -> None:
        self._principal, self._state = principal, state
        self._wanted = frozenset().union(*(question.marts for question in questions))
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._read: tuple[Stamp, Stamp] = (None, None)
        self._not_before = 0.0

    def now(self) -> Reading:
        """The newest state that can be read. Raises like `open_connection`."""
        with self._lock:
            gold, registry = _stamp(self._state.duckdb), _stamp(self._state.tenants)
            if self._reading and registry == self._read[1] and registry is not None:
                if gold == self._read[0]:
                    return self._reading
                if time.monotonic() < self._not_before:
                    return self._before()
                try:
                    return self._open(gold, registry)
                except (AccessDeniedError, PolicyError, RegistryError):
                    raise
                except LakehouseError:
                    self._not_before = time.monotonic() + RETRY_SECONDS
                    return self._before()
            self._reading = None
            return self._open(gold, registry)

    def _open(self, gold: Stamp, registry: Stamp) -> Reading:
        contracts = load_contracts()
        access = policy_of(contracts).access(self._principal, read_registry(self._state.tenants))
        relations = {Relation("gold", mart) for mart in self._wanted} & set(access.relations)
        connection = open_connection(
            self._principal, self._state, relations=relations, contracts=contracts
        )
        marts = frozenset(relation.name for relation in relations)
        self._reading = Reading(_runner(connection), marts)
        self._read = (gold, registry)
        return self._reading

    def _before(self) -> Reading:
        assert self._reading is not None
        return replace(self._reading, note=BEING_BUILT)


def _runner(connection: GovernedConnection) -> Callable[[str, Sequence[str]], Rows]:
    def run(sql: str, parameters: Sequence[str]) -> Rows:
        answer = connection.query(sql, list(parameters))
        return answer.columns, answer.rows()

    return run


def _stamp(path: Path) -> Stamp:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size
