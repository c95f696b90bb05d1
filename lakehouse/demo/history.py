"""`lakehouse demo history`: six months of revenue from each layer, and what pruning saves."""

import tempfile
from pathlib import Path

from rich.table import Table

from lakehouse.demo.left_behind import require_demo
from lakehouse.demo.measuring import Measured, measure
from lakehouse.demo.proof import Proof
from lakehouse.demo.question import MONTHS, export, layers, tenant_names
from lakehouse.homes.embedded.home import EmbeddedHome

# The partitions of Gold's facts on Athena, but for the tenants' buckets (docs/decisions/0040).
FACT = """
    select *, strftime(ordered_on, '%Y-%m') as month
    from lakehouse_gold.fct_orders order by ordered_on
"""
MONTH_REVENUE = """
    select tenant_id, sum(order_total)
    from read_parquet('{files}', hive_partitioning = {partitions})
    where is_completed and {when} group by 1 order by 1
"""
BY_DAY = "strftime(ordered_on, '%Y-%m') = '{month}'"
BY_PARTITION = "month = '{month}'"


def show_history(home: EmbeddedHome, proof: Proof) -> None:
    """Raises LakehouseError when the demo's state is missing; claims go to the proof."""
    require_demo(home)
    with tempfile.TemporaryDirectory(prefix="lakehouse-history-") as folder:
        _one_question_three_layers(home, proof, Path(folder))
        _pruning(home, proof, Path(folder) / "fct_orders")


def _one_question_three_layers(home: EmbeddedHome, proof: Proof, folder: Path) -> None:
    proof.heading(f"Revenue of {MONTHS} months by tenant: the same question to three layers")
    found = [(layer, measure(layer.sql)) for layer in layers(home, folder)]
    proof.show(_by_month(tenant_names(home), found[-1][1].rows))
    table = Table("layer", "files read", "bytes read", "best of 3, ms")
    for layer, answer in found:
        cells = (f"{answer.files:,}", f"{answer.bytes:,}", f"{1000 * answer.seconds:,.1f}")
        table.add_row(layer.name, *cells)
    proof.show(table)
    proof.note(
        "Gold is a DuckDB file here, and Parquet on Athena: its rows were written to Parquet"
    )
    bronze, silver, gold = (answer for _, answer in found)
    if not bronze.rows == silver.rows == gold.rows:
        proof.note("layers are the same only when each is up to date: `lakehouse run` does that")
    proof.claim(
        "Bronze, replayed to its last versions, gives what Gold says", bronze.rows == gold.rows
    )
    proof.claim("so does Silver, which holds the last versions", silver.rows == gold.rows)
    proof.claim("there is revenue to compare in every tenant", len({r[0] for r in gold.rows}) > 1)
    proof.claim("Gold reads fewer bytes than Bronze", 0 < gold.bytes < bronze.bytes)


def _pruning(home: EmbeddedHome, proof: Proof, folder: Path) -> None:
    proof.heading("One month of orders, with and without partition pruning")
    export(home, FACT, f"'{folder}' (format parquet, partition_by (month))")
    months = sorted(p.name.removeprefix("month=") for p in folder.glob("month=*"))
    files, month = f"{folder}/**/*.parquet", months[-2]
    everything = measure(
        MONTH_REVENUE.format(files=files, partitions="false", when=BY_DAY.format(month=month))
    )
    pruned = measure(
        MONTH_REVENUE.format(files=files, partitions="true", when=BY_PARTITION.format(month=month))
    )
    table = Table("orders of " + month, "files read", "of", "bytes read", "best of 3, ms")
    for name, answer in (("by the day's month", everything), ("by partition", pruned)):
        table.add_row(name, f"{answer.files}", f"{len(months)}", *_cost(answer))
    proof.show(table)
    proof.note(
        "the fact as Athena has it: partitioned by month, here in a folder of this run's own"
    )
    proof.note("Silver has no partitions (decision 0016): tables are small beside a commit's cost")
    proof.claim("both give the same revenue", pruned.rows == everything.rows != [])
    proof.claim("pruning reads one file instead of all", pruned.files == 1 < everything.files)
    proof.claim("and fewer bytes", 0 < pruned.bytes < everything.bytes)


def _cost(answer: Measured) -> tuple[str, str]:
    return f"{answer.bytes:,}", f"{1000 * answer.seconds:,.1f}"


def _by_month(names: dict[str, str], rows: list[tuple]) -> Table:
    months = sorted({month for _, month, _ in rows})
    values = {(tenant, month): revenue for tenant, month, revenue in rows}
    table = Table("tenant", *months, title="revenue, in each tenant's own currency")
    for column in table.columns[1:]:
        column.justify = "right"
    for tenant in sorted({tenant for tenant, _, _ in rows}, key=lambda t: names.get(t, t)):
        cells = (values.get((tenant, month)) for month in months)
        table.add_row(names.get(tenant, tenant), *(f"{c:,.2f}" if c else "" for c in cells))
    return table
