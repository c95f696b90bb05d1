"""An event's details in columns; of the visitor's address only the network stays."""

import json
from decimal import Decimal

import pytest

from tests.fakes.typed_rows import cleaned

pytestmark = pytest.mark.spark

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TABLET = (
    "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def event(**values):
    return {"event_data": "{}", "user_agent": DESKTOP, "ip_address": "192.0.2.7", **values}


ADDRESSES = {
    "198.18.77.201": "198.18.77.0",
    "198.18.77.201/32": "198.18.77.0",
    "2001:db8:85a3:8d3::7348": "2001:db8:85a3::",
    "2001:DB8:85A3::1": "2001:db8:85a3::",
    "::ffff:198.18.77.201": "198.18.77.0",
    "not an address": None,
}


def test_only_the_network_of_an_address_stays(spark, contracts):
    rows = cleaned(spark, contracts["event"], *[event(ip_address=a) for a in ADDRESSES])
    assert [r.ip_address for r in rows] == list(ADDRESSES.values())
    assert [r.dq_issues for r in rows] == [[]] * 5 + [["invalid_ip_address"]]
    (none,) = cleaned(spark, contracts["event"], event(ip_address=None))
    assert (none.ip_address, none.dq_issues) == (None, [])


def test_a_user_agent_tells_the_device(spark, contracts):
    agents = (PHONE, DESKTOP, TABLET, BOT, "curl/8.5.0", "")
    rows = cleaned(spark, contracts["event"], *[event(user_agent=a) for a in agents])
    assert [(r.device_type, r.browser, r.os) for r in rows] == [
        ("mobile", "Mobile Safari", "iOS"),
        ("desktop", "Firefox", "Linux"),
        ("tablet", "Mobile Safari", "iOS"),
        ("bot", "Googlebot", "Other"),
        ("other", "curl", "Other"),
        (None, None, None),
    ]


def test_details_become_columns(spark, contracts):
    data = {"url": "https://x.example/cart", "product_id": "p", "cart_value": 12.5}
    data |= {"search_term": "tent", "order_id": "o", "referrer": "https://y.example/"}
    data |= {"utm_source": "a", "utm_medium": "b", "utm_campaign": "c"}
    row, bare = cleaned(
        spark, contracts["event"], event(event_data=json.dumps(data), customer_id="c"), event()
    )
    assert (row.page_url, row.product_id, row.cart_value) == (data["url"], "p", Decimal("12.50"))
    assert (row.search_term, row.order_id, row.referrer) == ("tent", "o", data["referrer"])
    assert (row.utm_source, row.utm_medium, row.utm_campaign) == ("a", "b", "c")
    assert (row.is_anonymous, bare.is_anonymous) == (False, True)
    assert (row.dq_issues, bare.dq_issues) == ([], [])


def test_dirt_is_null_and_flagged(spark, contracts):
    given = ["[]", '{"cart_value": "much"}', '{"cart_value": -1}', '{"cart_value": {"a": 1}}']
    rows = cleaned(spark, contracts["event"], *[event(event_data=text) for text in given])
    malformed = ["malformed_event_data"]
    assert [r.dq_issues for r in rows] == [
        *(malformed, malformed),
        *(["negative_cart_value"], malformed),
    ]
    assert [r.cart_value for r in rows] == [None, None, Decimal("-1.00"), None]


def test_a_tombstone_without_values_says_nothing(spark, contracts):
    (row,) = cleaned(spark, contracts["event"], {"is_deleted": True})
    assert (row.is_anonymous, row.dq_issues) == (None, [])
