"""Changes as they arrive: which table's rows go where, and what is known of their transactions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from contracts import Contract
from lakehouse.dms.binary_types import is_readable
from lakehouse.dms.change_seq import ChangeSequence, commit_times, time_parts
from lakehouse.dms.decode import Relation
from lakehouse.dms.errors import SourceColumnsError, TextNeededError
from lakehouse.dms.source import LiveTable, check_live_columns


@dataclass(frozen=True)
class Route:
    """Where a relation's rows go: positions[i] holds column i of the contract, None = not there."""

    relation: Relation
    contract: Contract
    positions: tuple[int | None, ...]

    @property
    def key(self) -> list[int]:
        """Positions of the contract's key."""
        names = [c.name for c in self.contract.columns]
        places = [self.positions[names.index(k)] for k in self.contract.key if k in names]
        return [place for place in places if place is not None]


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

    look_up gives the live table of a contract. is_binary says that values come in binary forms.
    Raises SourceColumnsError when a table is not as its contract says any more, and
    TextNeededError when a binary form cannot be read.
    """

    def __init__(
        self,
        contracts: Mapping[str, Contract],
        sequence: ChangeSequence,
        look_up: Callable[[Contract], LiveTable],
        *,
        is_binary: bool = False,
    ) -> None:
        self.warnings: list[str] = []
        self._contracts = {(c.source_schema, c.source_table): c for c in contracts.values()}
        self._look_up, self._is_binary = look_up, is_binary
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

        Changes may be older than the live table. A column that was added since is null in them,
        as in the files that DMS wrote before the column was there.
        """
        known = self._relations.get(relation.oid)
        self._relations[relation.oid] = relation
        contract = self._contracts.get((relation.schema, relation.table))
        again = known is not None and replace(known, types=relation.types) != relation
        route = self._route(relation, contract, again=again)
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
        wanted = [c.name for c in contract.columns]
        names = relation.columns
        if again or not set(wanted) <= set(names):
            live = self._look_up(contract)
            self.warnings += check_live_columns(contract, live.columns)
            names = present_names(relation, live)
        self.warnings += [
            f"{relation.table}.{then} is called {now} by now; its values are taken"
            for then, now in zip(relation.columns, names, strict=True)
            if then != now and now in wanted
        ]
        self.warnings += [
            f"{relation.table}.{name} is null in changes from before the column was added"
            for name in wanted
            if name not in names
        ]
        places = {name: place for place, name in enumerate(names)}
        route = Route(relation, contract, tuple(places.get(name) for name in wanted))
        if self._is_binary:
            _check_binary(route)
        return route


def _check_binary(route: Route) -> None:
    """Raises TextNeededError; a table's log may be older than its columns' types."""
    for column, place in zip(route.contract.columns, route.positions, strict=True):
        if place is None or is_readable(route.relation.types[place], column.source_type):
            continue
        raise TextNeededError(
            f"{route.relation.name}.{column.name} had another type than {column.source_type} when "
            "it was changed; its values can be read as text only."
        )


def present_names(relation: Relation, live: LiveTable) -> tuple[str, ...]:
    """What the relation's columns are called in the live table.

    Columns keep their order when they are renamed, and a new one comes last. So the first ones of
    the live table are the relation's, unless columns were dropped. Then a name that is gone may
    have been renamed or dropped, and with a column missing in the relation nobody can tell.
    Raises SourceColumnsError.
    """
    gone = [name for name in relation.columns if name not in live.columns]
    if not gone:
        return relation.columns
    present = tuple(live.columns)
    if not live.had_others:
        return present[: len(relation.columns)]
    if all(name in relation.columns for name in present):
        return relation.columns
    raise SourceColumnsError(
        f"{relation.name} had a column {', '.join(gone)} when these changes were made; the table "
        "has had columns dropped, so whether that one was renamed cannot be told. Nothing of this "
        "batch was written. Give the column its old name again, run the command, then rename it; "
        "or reload the table."
    )
