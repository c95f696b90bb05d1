"""Definitions come from dbt's YAML, and no column that is shown is without one."""

import pytest

from lakehouse.dashboard.definitions import read_definitions
from lakehouse.dashboard.errors import DashboardError
from lakehouse.dashboard.sections import all_questions

# Names that a question gives itself; they are explained by the page that shows them.
OWN = {
    "freshness": {"table_name", "period", "row_count", "first_period", "last_period"},
    "agreement": {"compared", "one_side", "other_side", "agrees"},
    "invoice_reconciliation": {"invoice_count"},
}


def test_no_reference_to_a_shared_text_is_left_open():
    definitions = read_definitions()
    texts = [*definitions.marts.values(), *(c.description for c in definitions._columns.values())]
    assert len(texts) > 250
    assert all(text and "{{" not in text and "\n" not in text for text in texts)


def test_types_and_descriptions_say_how_values_are_written():
    of = read_definitions().of
    assert of("revenue_growth", "revenue_mom_growth").kind == "percent"
    assert of("payment_metrics", "avg_days_to_pay").kind == "number"
    assert of("mrr_metrics", "ending_mrr").kind == "money"
    assert of("mrr_metrics", "month").kind == "month"
    assert of("revenue_metrics", "dt").kind == "date"
    assert of("product_performance", "is_out_of_stock").kind == "flag"


@pytest.mark.parametrize("question", all_questions(), ids=lambda question: question.name)
def test_every_column_that_is_shown_is_defined_by_dbt(question):
    columns = set(question.columns)
    assert OWN.get(question.name, set()) <= columns
    for column in columns - OWN.get(question.name, set()):
        assert read_definitions().find(question.marts, column), column


def test_an_unknown_column_is_named():
    with pytest.raises(DashboardError, match=r"mrr_metrics\.nothing"):
        read_definitions().of("mrr_metrics", "nothing")


def test_unreadable_descriptions_are_one_message(tmp_path):
    (tmp_path / "x.yml").write_text("models: [{name: m, columns: [{}]}]")
    with pytest.raises(DashboardError, match="not readable"):
        read_definitions(tmp_path)
