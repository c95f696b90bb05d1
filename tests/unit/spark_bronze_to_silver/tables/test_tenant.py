"""Settings of a tenant become typed columns, whatever somebody typed into them."""

import json

import pytest

from tests.fakes.typed_rows import cleaned

pytestmark = pytest.mark.spark


def settings(**values):
    return {"settings": json.dumps(values)}


def test_settings_become_columns(spark, contracts):
    given = settings(
        plan=" Growth ", tier="Mid-Market", currency="eur", country="de", features=["api", "sso"]
    )
    row, bare = cleaned(spark, contracts["tenant"], given, settings())
    assert (row.plan, row.tier, row.currency, row.country) == ("growth", "mid_market", "EUR", "DE")
    assert (row.features, row.dq_issues) == (["api", "sso"], [])
    assert (bare.plan, bare.tier, bare.features, bare.dq_issues) == (None, None, None, [])


@pytest.mark.parametrize("text", ["[]", '"words"', "3", "null", '[{"tier": "small"}]', "{broken"])
def test_settings_that_are_no_object_are_flagged(spark, contracts, text):
    (row,) = cleaned(spark, contracts["tenant"], {"settings": text})
    assert (row.tier, row.features) == (None, None)
    assert row.dq_issues == ["malformed_settings"]


def test_values_of_other_kinds_are_null_and_flagged(spark, contracts):
    odd = settings(tier={"a": 1}, currency=["EUR"], features="api", plan=7)
    (row,) = cleaned(spark, contracts["tenant"], odd)
    assert (row.tier, row.currency, row.features, row.plan) == (None, None, None, "7")
    assert row.dq_issues == ["invalid_currency", "malformed_settings", "unknown_tier"]


def test_an_empty_entry_among_the_features_is_left_out_and_flagged(spark, contracts):
    """Hudi's writer refuses an array with a null, and with it the whole batch."""
    given = settings(features=["api", None]), settings(features=[None])
    rows = cleaned(spark, contracts["tenant"], *given)
    assert [row.features for row in rows] == [["api"], []]
    assert [row.dq_issues for row in rows] == [["malformed_settings"]] * 2
