"""A row is the same in Bronze whether the full load or a change brought it, whatever it holds."""

import json
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakehouse.dms.task import ReplicationTask
from tests.properties.dms.everything import TYPES, execute

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ADDED_BY_DMS = ("Op", "dms_committed_at", "dms_change_seq")
# What PostgreSQL can store: no NUL, no half of a surrogate pair.
characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
awkward = st.sampled_from(["", "\\N", "\\.", '"', '""', ",", "\r\n", "null", " ", "\n"])
texts = awkward | st.text(characters, max_size=60)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
values = {
    "short": texts,
    "long": texts | texts.map(lambda t: t * 400),
    "amount": st.decimals(Decimal("-9999999999.99"), Decimal("9999999999.99"), places=2),
    "quantity": st.integers(-(2**31), 2**31 - 1),
    "flag": st.booleans(),
    "day": st.dates(date(1, 1, 1)),
    "moment": st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),
    "document": documents.map(lambda d: json.dumps(d, ensure_ascii=False)),
    "address": st.ip_addresses().map(str),
}
rows = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "tenant_id": st.uuids().map(str),
        **{name: st.none() | strategy for name, strategy in values.items()},
    }
)


def in_bronze(value):
    """The value as DMS writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def read(bronze: Path, operation: str) -> dict[str, dict]:
    """Own columns of the rows with this operation, by id."""
    files = [p for p in bronze.rglob("*.parquet") if not p.name.startswith(".")]
    found = [r for file in files for r in pq.read_table(file).to_pylist()]
    return {
        r["id"]: {k: v for k, v in r.items() if k not in ADDED_BY_DMS}
        for r in found
        if r["Op"] == operation
    }


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, min_size=1, max_size=12, unique_by=lambda r: r["id"]))
def test_every_value_survives_both_routes_alike(everything_dsn, everything, given_rows):
    names, marks = ", ".join(f'"{n}"' for n in TYPES), ", ".join(["%s"] * len(TYPES))
    insert = f"insert into core_everything ({names}) values ({marks})"
    # These two types have a text of PostgreSQL's own; it is what both routes carry.
    as_text = 'select id::text, "document"::text, host(address) from core_everything'
    with TemporaryDirectory() as folder:
        bronze = Path(folder) / "bronze"
        task = ReplicationTask(
            dsn=everything_dsn,
            bronze=bronze,
            state_dir=Path(folder) / "dms",
            contracts=everything,
            slot=f"routes_{uuid.uuid4().hex[:12]}",
        )
        execute(everything_dsn, "truncate core_everything")
        execute(everything_dsn, *[(insert, tuple(r[n] for n in TYPES)) for r in given_rows])
        own_text = {key: own for key, *own in execute(everything_dsn, as_text)}
        try:
            task.full_load()
            execute(everything_dsn, "update core_everything set id = id")
            execute(everything_dsn, "delete from core_everything where quantity is null")
            task.catch_up()
        finally:
            task.drop()
        loaded, updated, deleted = (read(bronze, op) for op in "IUD")

    assert loaded == updated
    assert deleted == {k: r for k, r in loaded.items() if r["quantity"] is None}
    for row in given_rows:
        expected = {name: in_bronze(value) for name, value in row.items()}
        expected["document"], expected["address"] = own_text[row["id"]]
        assert loaded[row["id"]] == expected
