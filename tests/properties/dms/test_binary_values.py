"""A change gives the same Bronze column whether the server sends it as text or in binary form."""

import dataclasses
import json
import os
import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lakehouse.dms import source
from lakehouse.dms.binary_types import BINARY, is_readable
from lakehouse.dms.bronze_types import bronze_batch
from lakehouse.dms.decode import INSERT, decode
from lakehouse.dms.errors import UntypableValueError
from lakehouse.dms.message_log import Log
from lakehouse.dms.rows import decode_rows
from tests.properties.dms.everything import execute
from tests.properties.dms.test_both_routes import documents, texts

pytestmark = pytest.mark.postgres

EXAMPLES = int(os.environ.get("LAKEHOUSE_BINARY_EXAMPLES", "30"))
# By column: the source's type, and the contract's type and Bronze type.
COLUMNS = {
    "short": ("smallint", "integer", "int32"),
    "whole": ("integer", "integer", "int32"),
    "large": ("bigint", "bigint", "int64"),
    "widened": ("bigint", "integer", "int32"),
    "money": ("numeric(12,2)", "numeric(12,2)", "decimal(12,2)"),
    "widened_money": ("numeric(16,2)", "numeric(12,2)", "decimal(12,2)"),
    "share": ("numeric(5,5)", "numeric(5,5)", "decimal(5,5)"),
    "units": ("numeric(20,0)", "numeric(20,0)", "decimal(20,0)"),
    "exact": ("numeric(38,10)", "numeric(38,10)", "decimal(38,10)"),
    "flag": ("boolean", "boolean", "string"),
    "varying": ("character varying(60)", "character varying(60)", "string"),
    "padded": ("character(9)", "character varying(9)", "string"),
    "long": ("text", "text", "string"),
    "document": ("jsonb", "jsonb", "string"),
    "written": ("json", "json", "string"),
    "key": ("uuid", "uuid", "string"),
    "address": ("inet", "inet", "string"),
    "day": ("date", "date", "date32"),
    "moment": ("timestamp with time zone", "timestamp with time zone", "timestamp"),
}
TEXT_ONLY = {
    "numbers": "integer[]",
    "plain": "timestamp without time zone",
    "hour": "time without time zone",
    "lapse": "interval",
    "bytes": "bytea",
    "real": "double precision",
    "free": "numeric",
    "network": "cidr",
    "found": "tsvector",
}


def decimals(precision, scale):
    most = 10**precision - 1
    unscaled = st.integers(-most, most) | st.sampled_from([most, -most, 1, 0])
    return unscaled.map(lambda number: f"{number}e-{scale}")


def integers(bits):
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


documents_as_text = documents.map(lambda d: json.dumps(d, ensure_ascii=False))
addresses = st.ip_addresses().map(str) | st.sampled_from(
    ["::", "::1", "::2", "1::", "::ffff:1.2.3.4", "::1.2.3.4", "::0:1:2.3.4.5", "0:0:1::"]
    + ["1:0:0:2:0:0:0:3", "1:0:0:2:0:0:3:4", "1:0:2:0:3:0:4:0", "0:1::", "0.0.0.0", "::1:0"]
)
masked = st.tuples(addresses, st.integers(0, 32)).map(lambda pair: "/".join(map(str, pair)))
VALUES = {
    "short": integers(16),
    "whole": integers(32),
    "large": integers(64),
    "widened": integers(32),
    "money": decimals(12, 2),
    "widened_money": decimals(12, 2),
    "share": decimals(5, 5),
    "units": decimals(20, 0),
    "exact": decimals(38, 10),
    "flag": st.booleans(),
    "varying": texts,
    "padded": texts.map(lambda t: t[:9]),
    "long": texts | texts.map(lambda t: t * 500),
    "document": documents_as_text,
    "written": documents_as_text,
    "key": st.uuids().map(str),
    "address": addresses | masked,
    "day": st.dates(date(1, 1, 1)) | st.sampled_from([date(1, 1, 1), date(9999, 12, 31)]),
    "moment": st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
    | st.sampled_from(["0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00"]),
}
rows = st.fixed_dictionaries({name: st.none() | strategy for name, strategy in VALUES.items()})
# Values that PostgreSQL stores and Bronze does not.
REFUSED = [
    *((name, "NaN") for name in ("money", "widened_money", "share", "units", "exact")),
    *((name, odd) for name in ("day", "moment") for odd in ("infinity", "-infinity")),
    ("day", "0044-03-15 BC"),
    ("day", "0001-12-31 BC"),
    ("day", "10000-01-01"),
    ("day", "5874897-12-31"),
    ("moment", "0044-03-15 12:00:00+00 BC"),
    ("moment", "0001-12-31 23:59:59.999999+00 BC"),
    ("moment", "10000-01-01 00:00:00+00"),
    ("moment", "294276-12-31 23:59:59.999999+00"),
    ("widened", str(2**31)),
    ("widened_money", "99999999999.00"),
]


@pytest.fixture(scope="module")
def dsn(postgres):
    name = f"binary_{os.getpid()}"
    made = postgres.create_database(name)
    types = {**{n: pg_type for n, (pg_type, *_) in COLUMNS.items()}, **TEXT_ONLY}
    listed = ", ".join(f"{n} {pg_type}" for n, pg_type in types.items())
    execute(made, f"create table probe ({listed})", "create publication probe for table probe")
    yield made
    postgres.drop_database(name)


def sent(dsn, given_rows, names):
    """The messages of inserting these rows, as text and in binary form."""
    slot = f"probe_{uuid.uuid4().hex[:12]}"
    insert = f"insert into probe ({', '.join(names)}) values ({', '.join(['%s'] * len(names))})"
    peek = (
        "select data from pg_logical_slot_peek_binary_changes(%s, null, null, 'proto_version', '1',"
        " 'publication_names', 'probe', 'binary', %s)"
    )
    execute(dsn, ("select pg_create_logical_replication_slot(%s, 'pgoutput')", (slot,)))
    try:
        execute(dsn, *[(insert, tuple(row[n] for n in names)) for row in given_rows])
        with source.connect(dsn) as connection, connection.cursor() as cursor:
            both = []
            for form in ("false", "true"):
                cursor.execute(peek, (slot, form))
                both.append([bytes(message) for (message,) in cursor.fetchall()])
        return both
    finally:
        execute(dsn, ("select pg_drop_replication_slot(%s)", (slot,)))


def in_bronze(messages, contract, names):
    """Each column as Bronze has it; the error of one that it refuses."""
    (relation,) = (decode(m) for m in messages if m[:1] == b"R")
    log = Log([m for m in messages if m[0] == INSERT])
    places = [relation.columns.index(name) for name in names]
    decoded = decode_rows(log, log.starts, relation, places)
    ends = decoded.operations
    found = {}
    for name, values in zip(names, decoded.columns, strict=True):
        _, source_type, bronze_type = COLUMNS[name]
        column = dataclasses.replace(
            contract.columns[0], name=name, source_type=source_type, bronze_type=bronze_type
        )
        alone = dataclasses.replace(contract, columns=(column,))
        try:
            batch = bronze_batch(alone, ends, [values], committed_at=ends, change_seq=ends)
            batch.validate(full=True)
            found[name] = batch.column(name)
        except UntypableValueError as error:
            found[name] = str(error).split(": ")[0]
    return found


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(rows, min_size=1, max_size=12))
@example([dict.fromkeys(VALUES)])
def test_text_and_binary_form_give_the_same_column(dsn, contracts, given_rows):
    names = tuple(COLUMNS)
    as_text, as_binary = (
        in_bronze(messages, contracts["tenant"], names) for messages in sent(dsn, given_rows, names)
    )
    for name in names:
        assert as_binary[name] == as_text[name], name
        assert as_binary[name].null_count == sum(row[name] is None for row in given_rows)


def test_a_value_that_bronze_does_not_hold_is_refused_in_either_form(dsn, contracts):
    for name, value in REFUSED:
        given_rows = [{name: None}, {name: value}]
        as_text, as_binary = (
            in_bronze(messages, contracts["tenant"], [name])
            for messages in sent(dsn, given_rows, [name])
        )
        assert as_binary[name] == as_text[name] == f"core_tenant.{name}", (name, value)


def test_the_types_with_a_reader_come_in_binary_form_and_others_are_left_to_text(dsn):
    values = {"short": 1, "key": str(uuid.UUID(int=5)), "exact": "1.5", "address": "::1"}
    *_, in_binary = sent(dsn, [values], tuple(values))
    (relation,) = (decode(m) for m in in_binary if m[:1] == b"R")
    types = dict(zip(relation.columns, relation.types, strict=True))
    (inserted,) = (m for m in in_binary if m[0] == INSERT)
    assert inserted.count(BINARY) >= len(values)
    for name, (_, source_type, _) in COLUMNS.items():
        assert is_readable(types[name], source_type), name
    for name, pg_type in TEXT_ONLY.items():
        assert not is_readable(types[name], pg_type), name
    assert not is_readable(types["short"], "text")
