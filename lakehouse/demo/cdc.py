"""`lakehouse demo cdc`: an order that Django inserts, followed to the answer of a query."""

import json
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pyarrow.parquet as pq
from rich.table import Table

from lakehouse.demo.left_behind import require_demo
from lakehouse.demo.numbers import TenantNumbers, gold_numbers, source_numbers
from lakehouse.demo.proof import Proof
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.homes.embedded.silver_relations import create_silver_view, current_files
from lakehouse.homes.embedded.source_app import manage
from lakehouse.stages.gold import run_models
from lakehouse.stages.replicate import replicate
from lakehouse.stages.silver import build_silver

TOUCHED = ("order", "orderitem")
WARMING = 3
LIMIT_SECONDS = 10.0
Numbers = dict[str, TenantNumbers]
COMMITTED_AT = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True)
class Placed:
    """An order as the application placed it."""

    id: str
    tenant_id: str
    total: Decimal


@dataclass(frozen=True)
class Journey:
    """One order, and the moments (epoch seconds) at which each stage was through with it."""

    order: Placed
    stages: dict[str, float]
    seen_in_silver: Decimal | None

    @property
    def seconds(self) -> float:
        """From the commit in the source to the answer of the query."""
        moments = list(self.stages.values())
        return moments[-1] - moments[0]


def show_cdc(
    home: EmbeddedHome,
    proof: Proof,
    *,
    limit_seconds: float = LIMIT_SECONDS,
    seed: int = 42,
    warming: int = WARMING,
) -> None:
    """limit_seconds is what the way from commit to query may take; claims go to the proof.

    warming orders are placed before the one that is measured: Spark compiles while they pass.
    """
    require_demo(home, source=True)
    with proof.console.status("starting Spark; the first orders warm it up, as in a running job"):
        replicate(home)
        build_silver(home)
        for number in range(warming):
            _journey(home, seed + number)
    before = gold_numbers(home)
    proof.heading("One order, from Django to the answer of a query")
    journey = _journey(home, seed + warming)
    order = journey.order
    proof.note(f"order {order.id} of tenant {order.tenant_id}, total {order.total}")
    proof.show(_stages(journey))
    proof.claim(
        "Silver's answer has the order, with its total", journey.seen_in_silver == order.total
    )
    proof.claim(
        f"from commit to answer {journey.seconds:.1f} s, under {limit_seconds:.0f} s",
        journey.seconds < limit_seconds,
    )
    _gold(home, proof, journey, before)


def _journey(home: EmbeddedHome, seed: int) -> Journey:
    placed = json.loads(manage(home.dsn(), "place_order", "--seed", str(seed), quiet=True))
    order = Placed(placed["id"], placed["tenant_id"], Decimal(placed["total"]))
    replicate(home)
    in_bronze = time.time()
    build_silver(home, TOUCHED)
    in_silver = time.time()
    seen = _in_silver(home, order)
    stages = {
        "PostgreSQL: the transaction commits": _committed_at(home, order),
        "Bronze: its rows are in a durable file (local DMS)": in_bronze,
        "Silver: the commit is complete (Spark, Hudi)": in_silver,
        "a query of Silver answers": time.time(),
    }
    return Journey(order, stages, seen)


def _committed_at(home: EmbeddedHome, order: Placed) -> float:
    """When the source committed the order, as its change in Bronze says."""
    contract = home.contracts["order"]
    folder = home.state.bronze / contract.bronze_folder
    newest = max(folder.rglob("[!._]*-*.parquet"), key=lambda p: p.stat().st_mtime_ns)
    rows = pq.read_table(newest, columns=["id", "dms_committed_at"]).to_pylist()
    at = max(row["dms_committed_at"] for row in rows if row["id"] == order.id)
    return datetime.strptime(at, COMMITTED_AT).replace(tzinfo=UTC).timestamp()


def _in_silver(home: EmbeddedHome, order: Placed) -> Decimal | None:
    contract = home.contracts["order"]
    with closing(duckdb.connect()) as silver:
        create_silver_view(silver, contract, current_files(home.state.silver / contract.name))
        found = silver.execute(
            'select total from lakehouse_silver."order" where tenant_id = ? and id = ?',
            [order.tenant_id, order.id],
        ).fetchone()
    return found[0] if found else None


def _stages(journey: Journey) -> Table:
    table = Table("stage", "seconds", "since the commit")
    first = before = next(iter(journey.stages.values()))
    for name, moment in journey.stages.items():
        table.add_row(name, f"{moment - before:.2f}", f"{moment - first:.2f}")
        before = moment
    return table


def _gold(home: EmbeddedHome, proof: Proof, journey: Journey, before: Numbers) -> None:
    proof.heading("Gold")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    started = time.monotonic()
    with proof.console.status("dbt run"):
        report = run_models(home.state, ("as_of_date", today))
    seconds = time.monotonic() - started
    proof.note(f"dbt run: {report.models} models in {seconds:.1f} s, in a process of its own")
    after, source = gold_numbers(home), source_numbers(home, today)
    grown = sum(after[t].values[0] - before[t].values[0] for t in before)
    proof.claim(
        f"revenue has grown by the order and those before it: {grown:,.2f}",
        grown >= journey.order.total > 0,
    )
    proof.claim(
        "revenue, MRR and open invoices of every tenant equal PostgreSQL's", after == source
    )
