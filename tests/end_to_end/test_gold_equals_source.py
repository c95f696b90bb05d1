"""The promise: every row and column of every mart equals the number recomputed from the source,
and Bronze and Silver hold the source's rows.

The tests run in this order on one lakehouse; each goes on where the one before it stopped.
LAKEHOUSE_SCALE=medium has thirty times the rows; the tour's limits are those of small.
"""

import os
import random
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lakehouse.checks.personal_data import in_bronze, personal_data_found
from lakehouse.costs.estimate import load_prices
from lakehouse.costs.gold_build import build_costs, over_budget, read_budget, stored_in
from lakehouse.demo.run import UNREGISTERED
from lakehouse.erasure.erase import erase
from lakehouse.erasure.receipt import PUBLIC, verify_receipt
from lakehouse.erasure.search import search
from lakehouse.homes.embedded.tenants import register, tenants_in_source
from lakehouse.stages.silver import build_silver
from lakehouse.state import REPOSITORY
from tests.docs.tour import IN_THE_SUITE, NOT_RUN, read_tour
from tests.end_to_end.walk import Walk
from tests.oracle.audit import Audit

SCALE = os.environ.get("LAKEHOUSE_SCALE", "small")
ROWS = {"small": 17_355, "medium": 543_928}

pytestmark = [pytest.mark.spark, pytest.mark.dbt, pytest.mark.postgres, pytest.mark.slow]

STEPS = [step for step in read_tour() if step.command not in NOT_RUN]
# Before any change, a subscription's terms are those of the day of issue.
INVOICES_UNLIKE_THEIR_SUBSCRIPTION = """
    select invoice.id::text
    from core_invoice as invoice
    join core_subscription as subscription on subscription.id = invoice.subscription_id
    where invoice.amount
        <> subscription.monthly_amount * case when billing_cycle = 'yearly' then 12 else 1 end
      and (invoice.status = 'paid') = (invoice.paid_date is not null)
"""

A_CUSTOMER = """
    select tenant.slug, customer.id::text
    from core_customer as customer
    join core_tenant as tenant on tenant.id = customer.tenant_id
    where exists (select from core_event where customer_id = customer.id)
        and exists (select from core_subscription where customer_id = customer.id)
        and exists (select from core_order where customer_id = customer.id)
    order by customer.id
    limit 1
"""


def bronze_files(bronze: Path) -> list[Path]:
    return sorted(p.relative_to(bronze) for p in bronze.rglob("*.parquet"))


def test_after_the_full_load(lakehouse):
    lakehouse.manage("seed_all", "--scale", SCALE, "--seed", "7", "--dirt", "realistic")
    # From here on the oracle remembers by itself what subscriptions were.
    Audit(lakehouse.home.dsn())
    lakehouse.replicate()
    results = lakehouse.build_silver()
    lakehouse.build_gold()

    assert sum(r.rows_read for r in results) == ROWS[SCALE]
    tables = [contract.source_table for contract in lakehouse.home.contracts.values()]
    counts = [lakehouse.source(f"select count(*) from {table}")[0][0] for table in tables]
    assert [r.rows_read for r in results] == counts
    assert lakehouse.unlike_the_source() == []
    assert lakehouse.differences() == []
    off = lakehouse.source(INVOICES_UNLIKE_THEIR_SUBSCRIPTION)
    assert off
    found = lakehouse.gold("fct_invoices")
    assert {r["invoice_id"] for r in found if r["reconciliation_status"] == "amount_mismatch"} == {
        row[0] for row in off
    }


def test_the_models_stay_within_their_budget(lakehouse):
    """The budget is for these rows: a model that reads a table more often, or a larger one."""
    state = lakehouse.state
    costs = build_costs(state.dbt_target, stored_in(state), load_prices())
    assert sum(cost.scanned_by_model for cost in costs) > 1_000_000
    assert over_budget(costs, read_budget(REPOSITORY / "dbt_project/scan_budget.yaml")) == []


def test_after_live_changes(lakehouse):
    before = lakehouse.gold("tenant_summary")
    for seed in ("1", "2", "3"):
        lakehouse.manage("apply_demo_changes", "--seed", seed)
        lakehouse.replicate()
    results = lakehouse.build_silver()
    lakehouse.build_gold()

    assert sum(r.rows_superseded for r in results) > 0
    assert sum(r.rows_deleted for r in results) > 0
    assert lakehouse.gold("tenant_summary") != before
    assert lakehouse.unlike_the_source() == []
    assert lakehouse.differences() == []


@pytest.fixture(scope="module")
def walk(lakehouse, tmp_path_factory) -> Walk:
    home = lakehouse.home
    register(home, [slug for slug in tenants_in_source(home) if slug != UNREGISTERED])
    return Walk(tmp_path_factory.mktemp("walk") / "repository", home.state)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.command.removeprefix(".venv/bin/"))
def test_the_tour_shows_what_it_promises(lakehouse, walk, step, capsys):
    """The commands of docs/TOUR.md, the five demonstrations among them, on what is there now."""
    code, output = walk.run(step.command + IN_THE_SUITE.get(step.command, ""))
    if " demo " in step.command:
        with capsys.disabled():
            print(output)
    assert (code != 0) == step.is_refused, output
    assert step.missing(output) is None, output


def test_the_source_comes_back_with_its_data(lakehouse):
    """The tour's last command has stopped it."""
    lakehouse.home.start_source()
    assert lakehouse.unlike_the_source() == []


def test_no_personal_data_is_where_no_contract_lets_it_be(lakehouse):
    state, contracts = lakehouse.state, lakehouse.home.contracts
    assert personal_data_found(state, contracts) == []
    in_the_open = {found.what for found in in_bronze(state, contracts)}
    assert in_the_open == {"e-mail address", "telephone number", "network address"}


def test_an_erased_customer_is_nowhere_and_does_not_come_back(lakehouse, tmp_path):
    home, bronze = lakehouse.home, lakehouse.state.bronze
    shutil.copytree(bronze, tmp_path / "bronze")
    ((tenant, customer),) = lakehouse.source(A_CUSTOMER)
    done = erase(home, tenant, customer)

    assert {p.place for p in done.before if not p.is_empty} >= {"bronze", "silver"}
    assert [p.place for p in done.after if not p.is_empty] == []
    receipt = verify_receipt(done.receipt, done.receipt.with_name(PUBLIC))
    assert receipt["customer_id"] == customer
    assert lakehouse.unlike_the_source() == []
    assert lakehouse.differences() == []

    again = []
    old_files = bronze_files(tmp_path / "bronze")
    for file in (
        f for f in old_files if f.parts[1] in ("core_customer", "core_order", "core_event")
    ):
        name = (
            "LOAD0000000E.parquet"
            if file.name.startswith("LOAD")
            else f"{file.name[:9]}8{file.name[9:]}"
        )
        again.append(bronze / file.parent / name)
        shutil.copy(tmp_path / "bronze" / file, again[-1])
    build_silver(home)
    assert [p.place for p in search(lakehouse.state, done.person) if not p.is_empty] == []
    assert lakehouse.unlike_the_source() == []
    for file in again:
        file.unlink()


def test_after_every_file_was_found_twice_and_in_another_order(lakehouse, tmp_path):
    """On an empty Silver, in two runs; half of the second copies come when their first was read."""
    bronze, arrived = lakehouse.state.bronze, tmp_path / "bronze"
    for file in bronze_files(bronze):
        is_load = file.name.startswith("LOAD")
        again = "LOAD0000000F.parquet" if is_load else f"{file.name[:9]}9{file.name[9:]}"
        shutil.copy(bronze / file, bronze / file.parent / again)
    files = bronze_files(bronze)
    random.Random(5).shuffle(files)
    shutil.rmtree(lakehouse.state.silver)
    half, rows = len(files) // 2 + 1, 0
    for start in range(0, len(files), half):
        for file in files[start : start + half]:
            (arrived / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(bronze / file, arrived / file)
        rows += sum(r.rows_read for r in lakehouse.build_silver(arrived))
    lakehouse.build_gold()

    assert bronze_files(arrived) == bronze_files(bronze)
    assert rows == sum(pq.read_metadata(bronze / file).num_rows for file in files)
    assert lakehouse.unlike_the_source() == []
    assert lakehouse.differences() == []
