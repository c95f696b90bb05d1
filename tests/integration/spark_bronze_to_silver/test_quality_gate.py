"""What breaks the contract is refused before the commit, or noted in it."""

import random

import pandas as pd
import pytest

from spark_bronze_to_silver.errors import QualityGateError
from spark_bronze_to_silver.notes import QUALITY
from spark_bronze_to_silver.quality.gate import measures, quality_of
from spark_bronze_to_silver.quality.result import BatchQuality
from spark_bronze_to_silver.quality.rules import row_rules
from spark_bronze_to_silver.schemas import silver_columns
from tests.fakes.bronze import cdc_name

pytestmark = pytest.mark.spark


def noted(lake) -> BatchQuality:
    return BatchQuality.from_json(lake.table.notes()[QUALITY])


def test_a_critical_failure_commits_nothing_until_it_is_mended_or_let_pass(lake):
    products = lake("product")
    good = [products.row("I", n, id=f"g{n}") for n in range(1, 4)]
    products.put(cdc_name(1), *good)
    products.run()
    instant = list(products.path.glob(".hoodie/*.commit"))
    products.put(cdc_name(2), products.row("U", 8, id="g1", name="new"))
    bad = [products.row("I", 10 + n, id=f"b{n}", name=None) for n in range(5)]
    products.put(cdc_name(3), *bad)

    with pytest.raises(QualityGateError) as refused:
        products.run()

    message = str(refused.value)
    assert "product" in message and "expect_column_values_to_not_be_null(name)" in message
    assert "5 of 6 rows" in message and "id=b0" in message and "Nothing was committed" in message
    assert list(products.path.glob(".hoodie/*.commit")) == instant
    assert set(products.rows("name").values()) == {("word",)}

    with pytest.raises(QualityGateError):
        products.run()
    products.run(enforce_quality=False)
    assert len(products.rows()) == 8 and products.rows("name")["g1"] == ("new",)
    (failed,) = noted(products).critical
    assert (failed.expectation, failed.column, failed.rows) == (
        "expect_column_values_to_not_be_null",
        "name",
        5,
    )


def test_warnings_and_the_share_of_valid_rows_are_noted(lake):
    orders = lake("order")
    rows = [orders.row("I", n, id=str(n)) for n in range(1, 100)]
    orders.put(cdc_name(1), *rows, orders.row("I", 200, id="odd", status="lost"))
    orders.put(cdc_name(2), orders.row("D", 300, id="gone", status=None))
    orders.run()
    found = noted(orders)
    assert found.rules == len(row_rules(orders.contract))
    broken = {(f.column, f.severity): f.rows for f in found.failed}
    # Samples of the fake are no status either; the tombstone breaks no rule of live rows.
    assert broken == {("status", "warning"): 100}
    assert (found.rows, found.valid_rows) == (101, 1)


def _value(rng: random.Random, column, kind: str):
    """A value that some rule may refuse, or null."""
    if rng.random() < 0.2:
        return None
    if column and column.accepted_values:
        return rng.choice([*column.accepted_values, "other", ""])
    if kind == "boolean":
        return rng.random() < 0.5
    if kind in ("int", "bigint") or kind.startswith("decimal"):
        return rng.randint(-3, 3)
    return rng.choice(["", "word", "ü" * 20, "x" * 300, "0" * 35, "1" * 34 + "x", "I", "D"])


@pytest.mark.slow
def test_the_gate_finds_what_great_expectations_finds(spark, contracts, tmp_path):
    """Every rule of every contract, on generated rows, by both."""
    from great_expectations import ExpectationSuite

    from lakehouse.checks.quality.compile import expectation_of
    from lakehouse.checks.quality.data_docs import DataDocs
    from lakehouse.checks.quality.validate import quiet

    rng = random.Random(7)
    with quiet():
        context = DataDocs(tmp_path).context
        for contract in contracts.values():
            known = {c.name: c for c in contract.columns}
            rules = row_rules(contract)
            looked_at = {"is_deleted", *(rule.column for rule in rules)}
            kinds = {n: k for n, k in silver_columns(contract).items() if n in looked_at}
            kinds = {n: "int" if k.startswith("decimal") else k for n, k in kinds.items()}
            kinds = {n: "string" if k in ("date", "timestamp") else k for n, k in kinds.items()}
            rows = [[_value(rng, known.get(n), k) for n, k in kinds.items()] for _ in range(60)]
            for row in rows:
                row[list(kinds).index("is_deleted")] = rng.random() < 0.3
            frame = spark.createDataFrame(rows, ", ".join(f"`{n}` {k}" for n, k in kinds.items()))
            ours = quality_of(contract, frame.agg(*measures(contract)).first())
            asset = context.data_sources.get("silver").add_dataframe_asset(contract.name)
            batch = asset.add_batch_definition_whole_dataframe("all").get_batch(
                {"dataframe": pd.DataFrame(rows, columns=list(kinds))}
            )
            suite = ExpectationSuite(contract.name, [expectation_of(rule) for rule in rules])
            result = batch.validate(suite, result_format={"result_format": "COMPLETE"})
            theirs, invalid = {}, set()
            for one in result.results:
                config = one.expectation_config
                assert one.exception_info.get("raised_exception") in (None, False), one
                invalid.update(one.result["unexpected_index_list"])
                if not one.success:
                    place = (config.type, config.kwargs["column"], config.severity.value)
                    theirs[place] = one.result["unexpected_count"]
            assert {(f.expectation, f.column, f.severity): f.rows for f in ours.failed} == theirs
            assert (ours.rows, ours.rows - ours.valid_rows) == (60, len(invalid))
            assert theirs
