"""Takes every route as every role, and compares what came of it with what was to come."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from lakehouse.rehearsal.athena_client import AthenaClient, QueryFailedError, credentials_of
from lakehouse.rehearsal.comparison import GOLD
from lakehouse.rehearsal.isolation.facts import LISTS_BUCKETS, STRANGER, Facts, Visitor
from lakehouse.rehearsal.isolation.routes import ENGINE, PLAIN, READING, REFUSED, Route
from lakehouse.rehearsal.stage import NAME, Stage

AT_ONCE = 8
# How the engine words a refusal; of views the caller may not look into, it says the third.
REFUSALS = (
    "PERMISSION_DENIED",
    "TABLE_NOT_FOUND",
    "Relation not found or not allowed",
    "ALTER TABLE EXECUTE is not supported for table with row filter",
)
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, '
    '"Action": "sts:AssumeRole"}]}'
)
DENIED = "refused"
LISTED = (
    "select count(distinct table_name) from information_schema.columns "
    f"where table_schema = '{GOLD}'"
)


@dataclass(frozen=True)
class Cell:
    """One try: who, what, which way, what was to come of it and what came."""

    visitor: str
    target: str
    route: str
    expected: str
    found: str

    @property
    def holds(self) -> bool:
        """Whether the two are the same."""
        return self.expected == self.found


@dataclass(frozen=True)
class _Try:
    visitor: Visitor
    target: str
    route: str
    expected: str
    act: Callable[[], str]


def probe(
    stage: Stage,
    tables: Sequence[Facts],
    visitors: Sequence[Visitor],
    on_cell: Callable[[Cell], None] = lambda cell: None,
) -> list[Cell]:
    """All cells, eight at a time."""
    make_stranger(stage)
    tries = [t for visitor in visitors for t in _Session(stage, visitor).tries(tables, visitors)]

    def cell(one: _Try) -> Cell:
        found = Cell(one.visitor.name, one.target, one.route, one.expected, one.act())
        on_cell(found)
        return found

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(cell, tries))


def make_stranger(stage: Stage) -> None:
    """A role with the analyst's own policies and no grant of Lake Formation."""
    iam = stage.emulator.client("iam")
    name = f"{NAME}-{STRANGER}"
    like = stage.role("DataAnalyst").rsplit("/", 1)[1]
    policy = iam.get_role_policy(RoleName=like, PolicyName="query")["PolicyDocument"]
    try:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    except iam.exceptions.EntityAlreadyExistsException:
        return
    iam.put_role_policy(RoleName=name, PolicyName="query", PolicyDocument=json.dumps(policy))


class _Session:
    """A visitor's clients."""

    def __init__(self, stage: Stage, visitor: Visitor) -> None:
        self._stage = stage
        self._visitor = visitor
        self._credentials = credentials_of(stage.emulator, stage.role(visitor.role))
        self._own = self._athena(visitor.workgroup)

    def tries(self, tables: Sequence[Facts], visitors: Sequence[Visitor]) -> Iterator[_Try]:
        for table in tables:
            yield self._query(table, PLAIN)
            if self._visitor.columns(table):
                yield self._columns(table)
                if self._visitor.tenant_id:
                    yield from (self._query(table, route) for route in READING)
                    yield from (self._query(table, route) for route in REFUSED)
                    yield self._hidden(table)
        yield from self._elsewhere(visitors)
        yield from self._objects()

    def _query(self, table: Facts, route: Route) -> _Try:
        visible = bool(self._visitor.columns(table)) and route.counts
        expected = str(self._visitor.rows(table)) if visible else DENIED

        def act() -> str:
            result = self._own.query(route.sql(table))
            return str(result.rows[0][0]) if route.counts else f"{len(result.rows)} rows"

        return self._try(table.full_name, route.name, expected, act)

    def _columns(self, table: Facts) -> _Try:
        def act() -> str:
            return ", ".join(
                sorted(self._own.query(f"select * from {table.full_name} limit 1").types)
            )

        wanted = set(self._visitor.columns(table)) & set(table.columns)
        hudi = set() if self._visitor.name == "analyst" or table.database.endswith("gold") else HUDI
        return self._try(table.full_name, "columns", ", ".join(sorted(wanted | hudi)), act)

    def _hidden(self, table: Facts) -> _Try:
        """Rows of another tenant, asked for by name: none."""
        others = [t for t in table.by_tenant or {} if t != self._visitor.tenant_id]
        sql = (
            f"select count(*) from {table.full_name} where tenant_id = '{(others or ['none'])[0]}'"
        )
        return self._try(
            table.full_name, "another tenant's rows", "0", lambda: self._first(self._own, sql)
        )

    def _elsewhere(self, visitors: Sequence[Visitor]) -> Iterator[_Try]:
        """Other workgroups, other results, what SHOW tells."""
        for other in visitors:
            if other.workgroup == self._visitor.workgroup:
                continue
            foreign = self._athena(other.workgroup)
            yield self._try(
                other.workgroup, "workgroup", DENIED, lambda a=foreign: self._first(a, "select 1")
            )
        gold = sum(database == GOLD for database, _ in self._visitor.readable)
        yield self._try(
            GOLD,
            "show tables",
            str(gold),
            lambda: str(len(self._own.query(f"show tables in {GOLD}").rows)),
        )
        # Who is granted nothing does not even have the catalog.
        told = str(gold) if self._visitor.readable else DENIED
        yield self._try(GOLD, "information schema", told, lambda: self._first(self._own, LISTED))
        nowhere = Facts(GOLD, "")
        yield from (self._query(nowhere, route) for route in ENGINE)

    def _objects(self) -> Iterator[_Try]:
        """S3 without Athena: layers are closed, of the results only the own prefix is open."""
        s3 = self._stage.emulator.client("s3", **self._credentials)
        for layer in ("bronze", "silver", "gold", "scripts"):
            bucket = self._stage.bucket(layer)
            listed = "1 objects" if self._visitor.name in LISTS_BUCKETS else DENIED
            yield self._try(bucket, "list objects", listed, lambda b=bucket: _count(s3, b))
            key = self._a_key(bucket)
            yield self._try(bucket, "get object", DENIED, lambda b=bucket, k=key: _size(s3, b, k))
            yield self._try(bucket, "put object", DENIED, lambda b=bucket: _put(s3, b, "x"))
        results = self._stage.bucket("athena-results")
        for prefix in ("tenants/alpenglow-alp", "tenants/northwind-nws", "data-engineering", "x"):
            own = prefix == self._visitor.results
            wanted = "written" if own else DENIED
            key = f"{prefix}/probe-{self._visitor.name}"
            yield self._try(
                f"results/{prefix}", "put object", wanted, lambda k=key: _put(s3, results, k)
            )

    def _a_key(self, bucket: str) -> str:
        listed = self._stage.emulator.client("s3").list_objects_v2(Bucket=bucket, MaxKeys=1)
        return listed["Contents"][0]["Key"]

    def _athena(self, workgroup: str) -> AthenaClient:
        return AthenaClient(self._stage.emulator, f"{NAME}-{workgroup}", self._credentials)

    @staticmethod
    def _first(athena: AthenaClient, sql: str) -> str:
        return str(athena.query(sql).rows[0][0])

    def _try(self, target: str, route: str, expected: str, act: Callable[[], str]) -> _Try:
        return _Try(self._visitor, target, route, expected, lambda: _outcome(act))


# Hudi's own columns, which Silver has beside those of the contracts.
HUDI = {
    "_hoodie_commit_time",
    "_hoodie_commit_seqno",
    "_hoodie_record_key",
    "_hoodie_partition_path",
    "_hoodie_file_name",
}


def _outcome(act: Callable[[], str]) -> str:
    """What came of it; a failure that is no refusal is named, so that it is not taken for one."""
    try:
        return act()
    except QueryFailedError as error:
        is_refusal = any(words in str(error) for words in REFUSALS)
        return DENIED if is_refusal else f"failed: {str(error)[:200]}"
    except ClientError as error:
        code = error.response["Error"]["Code"]
        is_refusal = code in ("AccessDenied", "AccessDeniedException", "403")
        return DENIED if is_refusal else f"failed: {str(error)[:200]}"


def _count(s3: Any, bucket: str) -> str:
    return f"{s3.list_objects_v2(Bucket=bucket, MaxKeys=1)['KeyCount']} objects"


def _size(s3: Any, bucket: str, key: str) -> str:
    return f"{s3.get_object(Bucket=bucket, Key=key)['ContentLength']} bytes"


def _put(s3: Any, bucket: str, key: str) -> str:
    s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    return "written"
