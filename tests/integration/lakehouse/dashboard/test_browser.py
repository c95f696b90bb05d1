"""The dashboard as people have it: the command, its server, a browser."""

import csv
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.fakes.browser import browser, find_chromium
from tests.integration.lakehouse.dashboard.conftest import SHOPS

CHROMIUM = find_chromium()
LAKEHOUSE = Path(sys.executable).with_name("lakehouse")
START_SECONDS, WAIT = 120, 60_000
SECTIONS = {
    "Revenue": "Revenue by month",
    "Customers": "Cohorts",
    "Behaviour": "Ways through the shop",
    "Subscriptions": "MRR waterfall",
    "Products": "All products",
    "Payments": "Outstanding invoices",
    "Data": "Freshness of the tables",
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def address(state, tmp_path_factory):
    """Where `lakehouse dashboard --as analyst@ann` serves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("server") / "log").open("w")
    server = subprocess.Popen(
        [LAKEHOUSE, "dashboard", "--as", "analyst@ann", "--port", str(port)],
        env={**os.environ, "LAKEHOUSE_STATE": str(state.root)},
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        log.close()


def _wait_for(url: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start (exit code {server.poll()})")


def test_every_page_is_drawn_and_tables_come_as_files(address, tmp_path):
    asked, complaints = set(), []
    with browser(CHROMIUM, accept_downloads=True, viewport={"width": 1280, "height": 900}) as tab:
        page = tab.new_page()
        page.on("request", lambda request: asked.add(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/?tenant=bob")
        expect(page.get_by_role("heading", name="Shop of ann")).to_be_visible(timeout=WAIT)
        expect(page.get_by_test_id("stMetric")).to_have_count(8, timeout=WAIT)
        # A chart is a drawing only when Vega has understood it.
        charts = page.get_by_test_id("stVegaLiteChart").locator("canvas, svg")
        expect(charts).to_have_count(6, timeout=WAIT)
        expect(page.get_by_test_id("stSidebarNav")).not_to_contain_text("All tenants")
        for entry, content in SECTIONS.items():
            page.get_by_test_id("stSidebarNav").get_by_text(entry, exact=True).click()
            expect(page.get_by_text(content, exact=True).first).to_be_visible(timeout=WAIT)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            assert "bob" not in page.inner_text("body").lower()
        page.get_by_role("button", name="Export").click()
        with page.expect_download(timeout=WAIT) as started:
            page.get_by_text("Tables that must agree, CSV").click()
        started.value.save_as(tmp_path / "file.csv")
    rows = list(csv.DictReader((tmp_path / "file.csv").open()))
    assert len(rows) == 7
    assert set(rows[0]) == {"compared", "one_side", "other_side", "agrees"}
    assert complaints == []
    # Nothing is fetched from anywhere else: no fonts, no scripts, no telemetry.
    own = ("data:", "blob:", address, address.replace("http", "ws"))
    others = [url for url in asked if not url.startswith(own)]
    assert others == []
    assert SHOPS["bob"][0] not in "\n".join(asked)
