"""Contact data and demographics of a customer, clean or not."""

import datetime as dt
import json

import pytest

from tests.fakes.typed_rows import COMMITTED_AT, cleaned

pytestmark = pytest.mark.spark


def customer(**values):
    sound = {"email": "ann@example.com", "metadata": "{}", "created_at": COMMITTED_AT}
    return {**sound, **values}


def meta(**values):
    return customer(metadata=json.dumps(values))


def test_an_address_is_trimmed_and_lowered_and_judged(spark, contracts):
    good = [" Ann@Example.COM\n", "a.b+c@mail.example.co.uk"]
    bad = [
        "ann",
        "ann@example",
        "a b@example.com",
        "@example.com",
        "ann@@example.com",
        "",
        "a@b..c",
    ]
    rows = cleaned(spark, contracts["customer"], *[customer(email=e) for e in good + bad])
    assert rows[0].email_normalised == "ann@example.com"
    assert [r.dq_issues for r in rows] == [[]] * len(good) + [["invalid_email"]] * len(bad)


PHONES = [
    ("+1 (212) 555-0142", "DE", "+12125550142"),
    ("030 23125 142", "DE", "+493023125142"),
    ("0049 30 23125 142", "DE", "+493023125142"),
    ("030 23125 142", None, None),
    ("call me", "US", None),
    ("+49 1", "DE", None),
]


def test_a_number_without_plus_is_read_by_the_customers_country(spark, contracts):
    given = [
        customer(phone=phone, metadata=json.dumps({"country": country}))
        for phone, country, _ in PHONES
    ]
    rows = cleaned(spark, contracts["customer"], *given)
    assert [r.phone_e164 for r in rows] == [wanted for *_, wanted in PHONES]
    assert [r.is_phone_valid for r in rows] == [wanted is not None for *_, wanted in PHONES]
    assert [r.dq_issues for r in rows] == [
        [] if wanted else ["invalid_phone"] for *_, wanted in PHONES
    ]


def test_no_number_is_neither_valid_nor_an_issue(spark, contracts):
    rows = cleaned(spark, contracts["customer"], customer(phone=None), customer(phone=" "))
    assert [(r.is_phone_valid, r.dq_issues) for r in rows] == [(None, [])] * 2


def test_metadata_becomes_columns(spark, contracts):
    (row,) = cleaned(
        spark,
        contracts["customer"],
        meta(
            country="de",
            age_band="25-34",
            acquisition_channel="Referral",
            marketing_consent=True,
            preferences={"language": "DE"},
        ),
    )
    assert (row.country, row.age_band, row.acquisition_channel) == ("DE", "25-34", "referral")
    assert (row.marketing_consent, row.language, row.dq_issues) == (True, "de", [])


def test_dirt_in_metadata_is_null_and_flagged(spark, contracts):
    odd, listed, preferences = cleaned(
        spark,
        contracts["customer"],
        meta(country="Germany", marketing_consent="perhaps"),
        customer(metadata="[1]"),
        meta(preferences="none"),
    )
    assert (odd.country, odd.marketing_consent) == (None, None)
    assert odd.dq_issues == ["invalid_country", "malformed_metadata"]
    assert listed.dq_issues == ["malformed_metadata"]
    assert (preferences.language, preferences.dq_issues) == (None, [])


def test_a_customer_of_the_future_is_judged_by_the_change_not_by_the_clock(spark, contracts):
    """Clocks differ, and a full load is dated by its start: an hour is let pass."""
    soon = COMMITTED_AT + dt.timedelta(hours=1)
    later = soon + dt.timedelta(microseconds=1)
    given = [customer(created_at=moment) for moment in (COMMITTED_AT, soon, later)]
    rows = cleaned(spark, contracts["customer"], *given)
    assert [r.dq_issues for r in rows] == [[], [], ["future_created_at"]]


def test_white_space_of_any_kind_is_trimmed(spark, contracts):
    blank = "\u00a0\t "
    demographics = {"country": f"{blank}de", "age_band": blank, "preferences": {"language": blank}}
    (row,) = cleaned(
        spark,
        contracts["customer"],
        customer(
            email=f"{blank}ann@example.com{blank}", phone=blank, metadata=json.dumps(demographics)
        ),
    )
    assert (row.email_normalised, row.is_phone_valid) == ("ann@example.com", None)
    assert (row.country, row.language, row.age_band) == ("DE", None, None)
    assert row.dq_issues == []


def test_a_code_is_two_letters_before_it_is_raised(spark, contracts):
    """The capital form of ß has two letters."""
    (row,) = cleaned(spark, contracts["customer"], meta(country="ß"))
    assert (row.country, row.dq_issues) == (None, ["invalid_country"])
