"""`lakehouse gold-coverage`."""

from rich.table import Table

from lakehouse.cli import console
from lakehouse.cli.home import current_home


def gold_coverage() -> None:
    """How much of Gold is described, under contract and tested, by layer, in the last build."""
    from lakehouse.checks.gold_coverage import columns_in, coverage
    from lakehouse.costs.gold_build import read_artifact

    state = current_home().state
    manifest = read_artifact(state.dbt_target, "manifest")
    titles = ("models", "described", "contract", "columns", "described", "data tests", "unit tests")
    table = Table("layer", *titles, "tests a model")
    for column in table.columns[1:]:
        column.justify = "right"
    for found in coverage(manifest, columns_in(state.duckdb)):
        if found.layer == "all":
            table.add_section()
        table.add_row(
            found.layer,
            f"{found.models:,}",
            f"{found.described / found.models:.0%}",
            f"{found.with_contract / found.models:.0%}",
            f"{found.columns:,}",
            f"{found.columns_described / max(found.columns, 1):.0%}",
            f"{found.data_tests:,}",
            f"{found.unit_tests:,}",
            f"{found.tests_a_model:.1f}",
        )
    console.print(table)
