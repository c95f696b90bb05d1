"""The quarantine as a user meets it: listed, shown, tried again, given up, counted."""

import re
from uuid import UUID

import pytest
from typer.testing import CliRunner

from contracts import load_contracts
from lakehouse.cli import app, commands
from lakehouse.erasure.person import Person
from lakehouse.erasure.records import record
from lakehouse.erasure.search import search
from tests.fakes.bronze import bronze_row, cdc_name, write_bronze

pytestmark = [pytest.mark.spark, pytest.mark.slow]

commands.register(app)


def lakehouse(*arguments):
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_entries_are_listed_shown_redriven_and_discarded(spark, state, monkeypatch):
    monkeypatch.setenv("LAKEHOUSE_STATE", str(state.root))
    contract = load_contracts()["product"]
    assert "empty" in lakehouse("quarantine", "list")
    good = [bronze_row(contract, "I", n, id=str(n)) for n in range(1, 4)]
    bad = bronze_row(contract, "I", 9, id="b", is_active="maybe", name="[bold]Ünï[/]")
    write_bronze(state.bronze, contract, cdc_name(1), [*good, bad])

    done = lakehouse("silver", "--table", "product", "--quarantine-limit", "0.5")
    assert re.search(r"product +│ 1 +│ 4 +│ 3 +│ 0 +│ 1 ", done)
    assert re.search(r"product +│ .+ │ 3 +│ 100.00% │ [0-9]+ +│ none", lakehouse("quality"))
    listed = lakehouse("quarantine", "list", "--table", "product")
    entry = re.search(r"product +│ ([0-9a-f]{12}) │ untypable:is_active │ 1 ", listed)[1]
    assert "[bold]Ünï[/]" in lakehouse("quarantine", "show", "product", entry)
    assert re.search(r"product +│ 0 +│ 1 +│", lakehouse("quarantine", "redrive"))
    assert re.search(r"product +│ 4 +│ 3 +│ 0 +│ 1 +│ 1 ", lakehouse("status"))

    assert "1 entries of product" in lakehouse("quarantine", "discard", "product", entry)

    assert "empty" in lakehouse("quarantine", "list")
    assert "discarded" in lakehouse("quarantine", "list", "--all")
    assert "removed" in lakehouse("quarantine", "show", "product", entry)
    assert "no open entries" in lakehouse("quarantine", "redrive")
    assert re.search(r"product +│ 4 +│ 3 +│ 0 +│ 1 +│ 0 ", lakehouse("status"))


def test_a_redrive_brings_no_erased_person_back(spark, state, contracts, monkeypatch):
    """Their row comes in a file that was broken when they were erased, and is mended since."""
    monkeypatch.setenv("LAKEHOUSE_STATE", str(state.root))
    contract, ids = contracts["customer"], {"ann": str(UUID(int=1)), "bob": str(UUID(int=2))}
    rows = [
        bronze_row(contract, "I", n, id=key, email=f"{name}@example.com")
        for n, (name, key) in enumerate(ids.items(), start=1)
    ]
    gone = bronze_row(contract, "D", 9, **dict.fromkeys(("email", "phone")), id=ids["ann"])
    write_bronze(state.bronze, contract, cdc_name(2), [gone])
    late = write_bronze(state.bronze, contract, cdc_name(1), rows)
    whole = late.read_bytes()
    late.write_bytes(b"no Parquet")
    lakehouse("silver", "--table", "customer", "--quarantine-limit", "1")
    mine = {"customer": frozenset([ids["ann"]])}
    ann = Person(gone["tenant_id"], ids["ann"], mine, frozenset(["ann@example.com"]))
    record(state, ann, 0)
    late.write_bytes(whole)
    assert [place.place for place in search(state, ann) if not place.is_empty] == ["bronze"]

    assert re.search(r"customer +│ 0 +│ 0 +│ 1 +│ 0", lakehouse("quarantine", "redrive"))

    stored = spark.read.format("hudi").load(f"{state.silver}/customer").collect()
    assert {(r.id, r.email, r.is_deleted) for r in stored} == {
        (ids["ann"], None, True),
        (ids["bob"], "bob@example.com", False),
    }
    assert all(place.is_empty for place in search(state, ann))
