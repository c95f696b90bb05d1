"""`lakehouse demo cost`: what a question and what storage cost on each layer, at list prices."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from lakehouse.costs.athena import billed_bytes, usd
from lakehouse.costs.estimate import load_prices
from lakehouse.costs.storage import read_lifecycle, storage_month
from lakehouse.demo.left_behind import require_demo
from lakehouse.demo.measuring import measure
from lakehouse.demo.proof import Proof
from lakehouse.demo.question import Layer, layers
from lakehouse.homes.embedded.home import EmbeddedHome
from lakehouse.state import REPOSITORY

GB = 1e9
# A shop that sells as many orders as this, for scale: the demo's own are too few to cost anything.
SCALED_ORDERS = 100_000_000
YEARS = 3
DAYS_OF_A_YEAR = 365


def show_cost(home: EmbeddedHome, proof: Proof) -> None:
    """Raises LakehouseError when the demo's state is missing; claims go to the proof."""
    require_demo(home)
    prices = load_prices()
    with tempfile.TemporaryDirectory(prefix="lakehouse-cost-") as folder:
        _question(proof, layers(home, Path(folder)), prices)
    _stored(home, proof)
    _lifecycle(home, proof, prices)
    proof.note(
        f"list prices of {prices['region']}, written down on {prices['as_of']}: estimates, no bills"
    )


def _question(proof: Proof, asked: list[Layer], prices: Mapping[str, Any]) -> None:
    proof.heading("Six months of revenue by tenant: bytes scanned, and what Athena would bill")
    answers = [measure(layer.sql) for layer in asked]
    orders = asked[1].rows
    factor = SCALED_ORDERS / orders
    titles = ("here", "USD, billed", f"at {SCALED_ORDERS / 1e6:,.0f} million orders", "USD")
    table = Table("layer", *titles)
    scaled = []
    for layer, answer in zip(asked, answers, strict=True):
        # Gold has a row a day and tenant, however many orders a day has.
        bytes_then = layer.bytes_of_columns() * (1 if layer.name == "Gold" else factor)
        scaled.append(usd(billed_bytes(bytes_then, prices), prices))
        billed = billed_bytes(answer.bytes, prices)
        cells = (f"{answer.bytes:,} B", f"{usd(billed, prices):.6f}")
        table.add_row(layer.name, *cells, f"{bytes_then / GB:,.3f} GB", f"{scaled[-1]:.4f}")
    proof.show(table)
    proof.note(
        f"Athena bills at least {prices['athena_minimum_mb']} MB a query, so here all cost the same"
    )
    proof.note(
        f"scaled by {factor:,.0f}, from {orders:,} orders: the columns' bytes of Bronze and Silver"
    )
    proof.note("grow with orders, Gold's with tenants and days; footers of files do not grow")
    bronze, silver, gold = answers
    if not bronze.rows == silver.rows == gold.rows:
        proof.note("layers are the same only when each is up to date: `lakehouse run` does that")
    proof.claim("all layers give the same answer", bronze.rows == silver.rows == gold.rows != [])
    proof.claim("Gold is the cheapest to ask at that scale", scaled[2] < min(scaled[:2]))


def _stored(home: EmbeddedHome, proof: Proof) -> None:
    proof.heading("Storage by layer")
    table = Table("layer", "files", "bytes", "what they are")
    described = {
        "Bronze": (home.state.bronze, "everything that DMS wrote, never changed"),
        "Silver": (home.state.silver, "rows, and their versions of the days that can be read"),
        "Gold": (home.state.duckdb, "the DuckDB file"),
    }
    sizes = {}
    for layer, (path, what) in described.items():
        files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
        sizes[layer] = sum(p.stat().st_size for p in files)
        table.add_row(layer, f"{len(files):,}", f"{sizes[layer]:,}", what)
    proof.show(table)
    proof.claim("every layer stores something", all(sizes.values()))


def _lifecycle(home: EmbeddedHome, proof: Proof, prices: Mapping[str, Any]) -> None:
    rules = read_lifecycle(REPOSITORY)["bronze"]
    shown = ", ".join(f"{name} after {days} days" for name, days in rules.items())
    proof.heading(f"Bronze over {YEARS} years at 10 GB a day: {shown}")
    table = Table("after", "stored", "USD a month", "without the rules", "saved")
    months = []
    for year in range(1, YEARS + 1):
        month = storage_month(10, year * DAYS_OF_A_YEAR, rules, prices)
        months.append(month)
        saved = 1 - month.with_rules / month.without_rules
        costs = (f"{month.with_rules:,.2f}", f"{month.without_rules:,.2f}", f"{saved:.0%}")
        table.add_row(f"{year} years", f"{month.gb / 1000:,.2f} TB", *costs)
    proof.show(table)
    proof.note("the rules are those of terraform/modules/s3; requests and retrieval are not in it")
    proof.claim(
        "the rules save more every year",
        all(
            a.without_rules - a.with_rules < b.without_rules - b.with_rules
            for a, b in zip(months, months[1:], strict=False)
        ),
    )
