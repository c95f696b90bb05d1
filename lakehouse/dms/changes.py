"""Changes as they arrive: which table's rows go where, and what is known of their transactions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from contracts import Contract
from lakehouse.dms.change_seq import ChangeSequence, commit_times, time_parts
from lakehouse.dms.decode import Relation


@dataclass(frozen=True)
class Route:
    """Where a relation's rows go: positions[i] holds column i of the contract, None = not there."""

    relation: Relation
    contract: Contract
    positions: tuple[int | None, ...]


@dataclass
class Chunk:
    """Row messages in the order of the stream, not read yet.

    before is the change sequence before the first message. routes has the tables as they were
    defined when the messages were sent; None is a table without a contract. Transaction i begins
    with message firsts[i] and was committed at commits[i] (microseconds since 2000).
    """

    before: ChangeSequence
    routes: Mapping[int, Route | None]
    messages: list[bytes] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)

    def after(self, transactions: int) -> ChangeSequence:
        """The change sequence behind so many of the transactions."""
        parts = time_parts(
            commit_times(np.array(self.commits[:transactions], np.int64)), self.before.time_part
        )
        firsts = [*self.firsts, len(self.messages)]
        return ChangeSequence(
            int(parts[-1]) if len(parts) else self.before.time_part,
            self.before.counter + firsts[transactions],
        )


class ChangeBuffer:
    """Collects chunks; the first one goes on from `sequence`.

    check_source compares a contract with the live table: it raises SourceColumnsError when they
    do not agree, and returns warnings.
    """

    def __init__(
        self,
        contracts: Mapping[str, Contract],
        sequence: ChangeSequence,
        check_source: Callable[[Contract], list[str]],
    ) -> None:
        self.warnings: list[str] = []
        self._contracts = {(c.source_schema, c.source_table): c for c in contracts.values()}
        self._check_source = check_source
        self._relations: dict[int, Relation] = {}
        self._routes: dict[int, Route | None] = {}
        self.chunk = Chunk(sequence, self._routes)
        self.in_transaction = False
        # Behind the last complete transaction, when a later one is in several chunks.
        self._complete: ChangeSequence | None = None

    def begin(self, commit_microseconds: int) -> None:
        """A transaction starts."""
        self.in_transaction = True
        self._add_transaction(commit_microseconds)

    def commit(self) -> None:
        """The transaction is complete."""
        self.in_transaction = False
        self._complete = None

    @property
    def complete(self) -> ChangeSequence:
        """The change sequence behind the last complete transaction."""
        if self._complete:
            return self._complete
        begun = len(self.chunk.firsts)
        return self.chunk.after(begun - 1 if self.in_transaction else begun)

    def _add_transaction(self, commit_microseconds: int) -> None:
        self.chunk.firsts.append(len(self.chunk.messages))
        self.chunk.commits.append(commit_microseconds)

    def announce(self, relation: Relation) -> None:
        """A table's definition as of the changes that follow; only between two chunks.

        Changes may be older than the live table: a column that was added since is null in them,
        as in the files that DMS wrote before the column was there.
        """
        known = self._relations.get(relation.oid)
        self._relations[relation.oid] = relation
        contract = self._contracts.get((relation.schema, relation.table))
        route = self._route(relation, contract, again=known is not None)
        # Chunks that were taken keep the definitions of their time.
        self._routes = {**self._routes, relation.oid: route}
        self.chunk.routes = self._routes

    def is_new(self, relation: Relation) -> bool:
        """Whether the definition differs from the one that is known."""
        return self._relations.get(relation.oid) != relation

    def truncated(self, oids: tuple[int, ...]) -> None:
        """Tables were truncated, which leaves Bronze as it is."""
        self.warnings += [
            f"{self._relations[oid].table} was truncated in the source; Bronze and Silver keep its "
            "rows (HandleSourceTableTruncated=false)"
            for oid in oids
        ]

    def take(self) -> Chunk:
        """The chunk so far; the next one goes on amid the same transaction."""
        taken = self.chunk
        if self.in_transaction:
            self._complete = self.complete
        self.chunk = Chunk(taken.after(len(taken.firsts)), self._routes)
        if self.in_transaction:
            self._add_transaction(taken.commits[-1])
        return taken

    def _route(self, relation: Relation, contract: Contract | None, *, again: bool) -> Route | None:
        if contract is None:
            self.warnings.append(f"{relation.table} has no contract and is not replicated")
            return None
        names = [c.name for c in contract.columns]
        missing = [name for name in names if name not in relation.columns]
        if again or missing:
            self.warnings += self._check_source(contract)
        self.warnings += [
            f"{relation.table}.{name} is null in changes from before the column was added"
            for name in missing
        ]
        places = {name: place for place, name in enumerate(relation.columns)}
        return Route(relation, contract, tuple(places.get(name) for name in names))
