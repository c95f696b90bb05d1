"""Customers with one e-mail address are one person, whatever arrives in whatever order."""

import datetime as dt
import itertools
import os
import random

import pytest

from spark_bronze_to_silver.to_silver import run_table
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze
from tests.fakes.silver_rows import silver_rows

pytestmark = pytest.mark.spark

EMAILS = ("ann@example.com", " Ann@Example.com", "bob@example.com", "")
TENANTS = int(os.environ.get("LAKEHOUSE_DUPLICATE_TENANTS", "150"))


class Customers:
    """Bronze and Silver of the customers, in a folder of the test's own."""

    def __init__(self, spark, root, contract):
        self.spark, self.root, self.contract = spark, root, contract
        self.names = map(cdc_name, itertools.count(1))

    def row(self, key, seq, op="U", day=1, **values):
        created = dt.datetime(2026, 1, day)
        return bronze_row(self.contract, op, seq, id=key, created_at=created, **values)

    def deliver(self, *rows):
        write_bronze(self.root / "bronze", self.contract, next(self.names), rows)
        layers = {"bronze": str(self.root / "bronze"), "silver": str(self.root / "silver")}
        return run_table(self.spark, self.contract, **layers)

    def persons(self):
        columns = ("tenant_id", "id", "canonical_customer_id", "is_duplicate")
        rows = silver_rows(self.root / "silver", self.contract, *columns)
        return {(r[0], r[1]): (r[2], r[3]) for r in rows}

    def canonical(self):
        return {key: canonical for (_, key), (canonical, _) in self.persons().items()}


@pytest.fixture
def customers(spark, tmp_path, contracts):
    return Customers(spark, tmp_path, contracts["customer"])


def test_an_earlier_duplicate_a_delete_and_a_new_address_move_the_canonical_id(customers):
    ann = {"email": "ann@example.com"}
    customers.deliver(customers.row("b", 1, day=2, **ann), customers.row("c", 2, day=3, **ann))
    assert customers.canonical() == {"b": "b", "c": "b"}

    customers.deliver(customers.row("a", 3, day=1, email="ANN@example.com "))
    assert customers.canonical() == {"a": "a", "b": "a", "c": "a"}

    customers.deliver(customers.row("a", 4, op="D", day=1, **ann))
    assert customers.canonical() == {"a": None, "b": "b", "c": "b"}

    customers.deliver(customers.row("b", 5, day=2, email="bob@example.com"))
    assert customers.canonical() == {"a": None, "b": "b", "c": "c"}


def log_of(draw):
    """Changes of three customers of a tenant: (key, op, e-mail, day of creation)."""
    return [
        (draw.choice("abc"), draw.choice("IUUUD"), draw.choice(EMAILS), draw.randint(1, 3))
        for _ in range(draw.randint(1, 8))
    ]


def model(log):
    """(canonical id, is_duplicate) by key, from the whole log."""
    last = {key: (op, email.strip().lower(), day) for key, op, email, day in log}
    found = {}
    for key, (op, email, _) in last.items():
        same = [k for k, (o, e, _) in last.items() if o != "D" and e == email] if email else [key]
        canonical = min(same, key=lambda k: (last[k][2], k), default=None)
        found[key] = (None, False) if op == "D" else (canonical, canonical != key)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_any_order_split_and_repetition_finds_the_same_persons(customers, seed):
    """Every tenant is a history of its own, so one table run tries many."""
    draw = random.Random(seed)
    logs = {f"t{number:04d}": log_of(draw) for number in range(TENANTS)}
    arriving = [
        customers.row(key, seq, op, day, tenant_id=tenant, email=email)
        for tenant, log in logs.items()
        for seq, (key, op, email, day) in enumerate(log, start=1)
    ]
    arriving += draw.sample(arriving, len(arriving) // 5)
    draw.shuffle(arriving)
    third = len(arriving) // 3 + 1
    for start in range(0, len(arriving), third):
        customers.deliver(*arriving[start : start + third])

    expected = {(t, key): found for t, log in logs.items() for key, found in model(log).items()}
    assert customers.persons() == expected
