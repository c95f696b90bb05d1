"""SQL for one principal: a DuckDB that holds the rows and columns of the policy, and nothing else.

The permitted rows are copied into a database in memory that never sees a file, has no other
database beside it and can change no setting. So a statement cannot reach what was not copied,
however it is written; Lake Formation does the same by giving Athena filtered rows only. Whoever
may read the state folder needs no query to read everything: run this where users may not.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot

from contracts import Contract, derived_tables, load_contracts
from lakehouse.errors import LakehouseError
from lakehouse.governance.errors import AccessDeniedError
from lakehouse.governance.marts import read_marts
from lakehouse.governance.policy import SCHEMAS, Access, Policy, Relation, compile_policy
from lakehouse.governance.registry import read_registry
from lakehouse.homes.embedded.silver_relations import create_silver_view, current_files
from lakehouse.homes.embedded.time_travel import files_at, read_timeline
from lakehouse.state import State

# Set when the database is made. Python's own variables are no tables, and nothing is fetched.
CLOSED = {
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "enable_external_file_cache": "false",
    "temp_directory": "",
}
# Set when the rows are in; the second one makes all of them final.
LOCKED = ("set enable_external_access = false", "set lock_configuration = true")
# How long Gold is waited for while another process writes it.
WAIT_SECONDS, PAUSE_SECONDS = 10.0, 0.1
SilverFiles = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """The names of a result's columns, and its rows."""

    columns: tuple[str, ...]
    table: pa.Table

    def rows(self, limit: int | None = None) -> list[tuple[Any, ...]]:
        """All rows as Python values, or the first ones."""
        first = self.table.slice(0, limit)
        columns = (first.column(i).to_pylist() for i in range(len(self.columns)))
        return list(zip(*columns, strict=True))


class GovernedConnection:
    """What one principal may read, as of the moment at which it was opened; a context manager."""

    def __init__(self, access: Access, database: duckdb.DuckDBPyConnection) -> None:
        self.access = access
        self._database = database

    def __enter__(self) -> "GovernedConnection":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the rows."""
        self._database.close()

    def query(self, sql: str, parameters: Sequence[Any] | None = None) -> Answer:
        """The answer to one SELECT. Raises AccessDeniedError for anything else.

        Also for relations and columns that the principal does not have, and for functions that
        would read files; LakehouseError when the query itself is wrong.
        """
        principal = self.access.principal
        _refuse_other_relations(self.access, relations_in(sql))
        try:
            answer = self._database.cursor().sql(sql, params=parameters)
            return Answer(tuple(answer.columns), answer.to_arrow_table())
        except duckdb.PermissionException as error:
            raise AccessDeniedError(f"{principal} may not do that: {error}") from error
        except duckdb.Error as error:
            raise LakehouseError(f"the query failed; nothing was changed: {error}") from error


def open_connection(
    principal: str,
    state: State,
    *,
    relations: Iterable[Relation] | None = None,
    as_of: datetime | None = None,
    contracts: Mapping[str, Contract] | None = None,
    silver_files: SilverFiles | None = None,
) -> GovernedConnection:
    """A connection for `admin`, `engineer`, `analyst` or `analyst@<tenant's slug>`.

    relations limits what is copied, all that the principal may read otherwise; Gold is what the
    last build left, Silver the last commits, or with as_of (UTC) the commits of that moment.
    silver_files gives the Parquet files of a Silver table instead. Fails closed: raises
    AccessDeniedError for an unknown principal or a relation that it may not read,
    RegistryError without a registry, PolicyError without a policy, LakehouseError when a layer
    cannot be read.
    """
    contracts = contracts or load_contracts()
    access = policy_of(contracts).access(principal, read_registry(state.tenants))
    chosen = access.relations if relations is None else set(relations)
    _refuse_other_relations(access, chosen)
    if as_of and any(relation.layer == "gold" for relation in chosen):
        raise LakehouseError(
            "only Silver is kept as it was; nothing was read. Gold as of another day: "
            "`lakehouse gold --as-of YYYY-MM-DD`."
        )
    columns = {r: names for r, names in access.relations.items() if r in chosen}
    files = silver_files or _silver_files(state, as_of)
    database = duckdb.connect(config=CLOSED)
    try:
        database.execute("set timezone = 'UTC'")
        for schema in SCHEMAS.values():
            database.execute(f"create schema {schema}")
        with _unfiltered(state, contracts, columns, files) as source:
            for relation, names in columns.items():
                _copy(source, database, relation, names, access.row_filter)
        for statement in LOCKED:
            database.execute(statement)
    except BaseException:
        database.close()
        raise
    return GovernedConnection(access, database)


def open_for(
    sql: str, principal: str, state: State, *, as_of: datetime | None = None
) -> GovernedConnection:
    """A connection with the relations that this SQL names; with all of them when it names none.

    Raises like `open_connection`.
    """
    named = relations_in(sql)
    return open_connection(principal, state, relations=named or None, as_of=as_of)


def policy_of(contracts: Mapping[str, Contract]) -> Policy:
    """The policy of the project's own marts and roles."""
    return compile_policy(contracts.values(), read_marts())


def relations_in(sql: str) -> set[Relation]:
    """Relations of Gold and Silver that the SELECT names, whether they exist or not.

    Raises AccessDeniedError for anything but one SELECT, as DuckDB reads it.
    """
    try:
        kinds = [statement.type for statement in duckdb.extract_statements(sql)]
        if kinds != [duckdb.StatementType.SELECT]:
            raise AccessDeniedError("it may be one SELECT and nothing else; nothing was done")
        tables = sqlglot.parse_one(sql, read="duckdb").find_all(sqlglot.exp.Table)
    except (duckdb.Error, sqlglot.errors.SqlglotError) as error:
        raise AccessDeniedError(f"that is not readable as SQL; nothing was read: {error}") from None
    layers = {schema: layer for layer, schema in SCHEMAS.items()}
    named = {(table.db.lower(), table.name.lower()) for table in tables}
    return {Relation(layers[schema], name) for schema, name in named if schema in layers}


def _refuse_other_relations(access: Access, relations: Iterable[Relation]) -> None:
    if other := sorted(set(relations) - set(access.relations)):
        readable = ", ".join(sorted(map(str, access.relations))) or "nothing"
        raise AccessDeniedError(
            f"{access.principal} may not read {other[0]}, or no policy covers that table; nothing "
            f"was read. {access.principal} may read: {readable}"
        )


def _copy(
    source: Mapping[str, duckdb.DuckDBPyConnection],
    database: duckdb.DuckDBPyConnection,
    relation: Relation,
    names: Sequence[str],
    row_filter: str | None,
) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    table = f'{SCHEMAS[relation.layer]}."{relation.name}"'
    condition = f" where {row_filter}" if row_filter else ""
    try:
        permitted = source[relation.layer].sql(f"select {columns} from {table}{condition}")
        database.register("_arriving", permitted.to_arrow_table())
    except duckdb.Error as error:
        raise LakehouseError(
            f"{relation} is not as the policy describes it; nothing was read. Build it anew "
            f"(`lakehouse {relation.layer}`). DuckDB says: {error}"
        ) from error
    database.execute(f"create table {table} as select * from _arriving")
    database.unregister("_arriving")


@contextmanager
def _unfiltered(
    state: State,
    contracts: Mapping[str, Contract],
    relations: Iterable[Relation],
    silver_files: SilverFiles,
) -> Iterator[Mapping[str, duckdb.DuckDBPyConnection]]:
    """Connections to all rows of each layer that is needed; no principal's SQL runs in them."""
    layers = {relation.layer for relation in relations}
    tables = {t.name: t for t in (*contracts.values(), *derived_tables(contracts.values()))}
    with closing(duckdb.connect()) as silver:
        silver.execute("set timezone = 'UTC'")
        for layer, name in relations:
            if layer == "silver":
                create_silver_view(silver, tables[name], silver_files(name))
        if "gold" not in layers:
            yield {"silver": silver}
            return
        with closing(_open_gold(state)) as gold:
            gold.execute("set timezone = 'UTC'")
            yield {"silver": silver, "gold": gold}


def _silver_files(state: State, as_of: datetime | None) -> SilverFiles:
    def files(table: str) -> list[str]:
        path = state.silver / table
        return files_at(path, read_timeline(path).at(as_of)) if as_of else current_files(path)

    return files


def _open_gold(state: State) -> duckdb.DuckDBPyConnection:
    if not state.duckdb.exists():
        raise LakehouseError(f"{state.duckdb} is not there; build Gold first: `lakehouse gold`")
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return duckdb.connect(str(state.duckdb), read_only=True)
        except duckdb.IOException as error:
            if time.monotonic() > deadline:
                raise LakehouseError(
                    f"{state.duckdb} is open for writing in another process; nothing was read. "
                    f"Try again when it has ended. DuckDB says: {error}"
                ) from error
        time.sleep(PAUSE_SECONDS)
