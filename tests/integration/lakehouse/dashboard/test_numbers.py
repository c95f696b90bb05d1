"""Each number on a page is the one that SQL, written here again, finds in Gold."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from contracts.yaml_files import read_yaml
from lakehouse.dashboard import formats
from lakehouse.governance.marts import MARTS_FOLDER
from tests.fakes.gold import FIRST_DAY, LAST_DAY
from tests.integration.lakehouse.dashboard.conftest import SHOPS, drawn

pytestmark = pytest.mark.slow
TENANTS = [("ann", "EUR"), ("bob", "USD")]
WINDOW = "cast(hour as date) between date '2026-08-16' and date '2026-09-14'"
FUNNEL = f"""
    select sum(sessions_started), sum(sessions_reaching_page_view),
        sum(sessions_reaching_product_view), sum(sessions_reaching_add_to_cart),
        sum(sessions_reaching_checkout), sum(sessions_reaching_purchase)
    from funnel_metrics where tenant_id = ? and {WINDOW}
"""


@pytest.fixture(params=TENANTS, ids=lambda pair: pair[0])
def shop(request, gold):
    """The tenant's slug, and a function that asks Gold for one row of it."""
    slug, currency = request.param

    def one(sql, *more):
        return gold.execute(sql, [SHOPS[slug][0], *more]).fetchone()

    one.slug, one.currency = slug, currency
    one.all = lambda sql: gold.execute(sql, [SHOPS[slug][0]]).fetchall()
    return one


def metrics(test):
    assert not test.exception
    return {metric.label: (metric.value, metric.delta) for metric in test.metric}


def charts(test):
    """Records of each chart by what its alternative text says."""
    protos = [element.proto for element in drawn(test, "vega_lite_chart")]
    return {p.alt: pa.ipc.open_stream(p.data.data).read_all().to_pylist() for p in protos}


def test_the_figures_of_the_overview(page, shop):
    seen = metrics(page(f"analyst@{shop.slug}"))
    euro = lambda amount: formats.short_money(amount, shop.currency)  # noqa: E731
    month = "select {} from revenue_growth where tenant_id = ? and month = ?"
    revenue, growth, orders = shop(
        month.format("total_revenue, revenue_mom_growth, order_count"), date(2026, 8, 1)
    )
    assert seen["Revenue, Aug 2026"] == (
        euro(revenue),
        "" if growth is None else formats.signed_percent(growth),
    )
    orders_before = shop(month.format("order_count"), date(2026, 7, 1))[0]
    assert seen["Orders, Aug 2026"] == (f"{orders:,}", f"from {orders_before:,}")
    to_date = "select revenue_mtd from revenue_metrics where tenant_id = ? and dt = ?"
    now, before = shop(to_date, LAST_DAY)[0], shop(to_date, date(2026, 8, 14))[0]
    assert seen["Month to date"] == (euro(now), f"from {euro(before)}")
    mrr = "select ending_mrr, nrr from mrr_metrics where tenant_id = ? and month = ?"
    (ending, nrr), (past, _) = shop(mrr, date(2026, 9, 1)), shop(mrr, date(2026, 8, 1))
    assert seen["MRR"] == (euro(ending), f"from {euro(past)}")
    assert seen["Net revenue retention"][0] == formats.percent(nrr)
    active = "select active_customers_30d from customer_metrics where tenant_id = ? and dt = ?"
    now, before = shop(active, LAST_DAY)[0], shop(active, date(2026, 8, 15))[0]
    assert seen["Active customers, 30 days"] == (f"{now:,}", f"from {before:,}")
    started, *_, bought = shop(FUNNEL)
    assert seen["Conversion, 30 days"][0] == f"{bought / started:.1%}"
    owed, overdue = shop(
        "select sum(outstanding_amount), sum(overdue_amount) from payment_metrics"
        " where tenant_id = ?"
    )
    assert seen["Outstanding on 14 Sep 2026"] == (euro(owed), euro(overdue))


def test_the_charts_of_the_overview(page, shop):
    seen = charts(page(f"analyst@{shop.slug}"))
    days = seen["Revenue of each day and its 7-day average"]
    assert [(r["x"][:10], r["total_revenue"], r["revenue_7d_avg"]) for r in days] == shop.all(
        "select strftime(dt, '%Y-%m-%d'), cast(total_revenue as double),"
        " cast(revenue_7d_avg as double) from revenue_metrics"
        " where tenant_id = ? and dt > date '2026-09-14' - 90 order by dt"
    )
    bars = [r["written"] for r in seen["MRR movements"]]
    assert bars == [
        formats.money(amount, shop.currency)
        for amount in shop(
            "select starting_mrr, new_mrr, expansion_mrr, reactivation_mrr, contraction_mrr,"
            " churned_mrr, ending_mrr from mrr_metrics where tenant_id = ? and month = '2026-09-01'"
        )
    ]
    cells = seen["Retention of each cohort by month"]
    assert [(r["number"], r["written"], r["active"]) for r in cells] == [
        (number, formats.percent(rate), f"{active:,} of {size:,}")
        for number, rate, active, size in shop.all(
            "select month_number, retention_rate, active_customers, cohort_size"
            " from customer_cohorts where tenant_id = ? order by cohort_month, month_number"
        )
    ]
    assert tuple(r["count"] for r in seen["Sessions that reach each step"]) == shop(FUNNEL)
    best = seen["Revenue of the products that sell most"]
    assert [r["written"] for r in best] == [
        formats.money(revenue, shop.currency)
        for (revenue,) in shop.all(
            "select revenue from product_performance where tenant_id = ?"
            " order by rank_in_tenant limit 10"
        )
    ]
    ages = [Decimal(str(r["amount"])) for r in seen["Outstanding amounts by age"]]
    assert tuple(ages) == shop(
        "select sum(aging_0_30), sum(aging_31_60), sum(aging_61_90), sum(aging_over_90)"
        " from payment_metrics where tenant_id = ?"
    )


def test_a_waterfall_starts_where_the_bar_before_ended(page, shop):
    start, *moves, end = charts(page(f"analyst@{shop.slug}"))["MRR movements"]
    level = start["to"]
    assert start["from"] == end["from"] == 0
    for bar in moves:
        assert bar["from"] == pytest.approx(level)
        level = bar["to"]
        assert (bar["to"] >= bar["from"]) == (bar["kind"] == "up")


def test_the_charts_of_months(page, shop):
    seen = charts(page(f"analyst@{shop.slug}", "report"))
    assert [r["total_revenue"] for r in seen["Revenue of each month"]] == [
        float(amount)
        for (amount,) in shop.all(
            "select total_revenue from revenue_growth where tenant_id = ? order by month"
        )
    ]
    won = [
        (r["x"][:10], abs(r["amount"]), r["what"])
        for r in seen["MRR won and lost in each month"]
        if r["what"] in ("New", "Churn")
    ]
    assert sorted(won) == sorted(
        shop.all(
            "select strftime(month, '%Y-%m-%d'), cast(new_mrr as double), 'New' from mrr_metrics"
            " where tenant_id = $1 union all select strftime(month, '%Y-%m-%d'),"
            " cast(churned_mrr as double), 'Churn' from mrr_metrics where tenant_id = $1"
        )
    )
    by_category = [(r["what"], r["x"][:10], r["amount"]) for r in seen["Revenue by category"]]
    assert sorted(by_category) == shop.all(
        "select category, strftime(month, '%Y-%m-%d'), cast(revenue as double)"
        " from category_performance where tenant_id = ? order by 1, 2"
    )
    sessions = seen["Sessions of each day"]
    assert [r["sessions"] for r in sessions] == [
        count
        for (count,) in shop.all(
            "select sessions from session_metrics"
            " where tenant_id = ? and dt > date '2026-09-14' - 90 order by dt"
        )
    ]


# Columns by which a table of the report is known, one of them, and its rows in Gold.
TABLES = [
    ("revenue_qoq_growth", "total_revenue", "revenue_growth", "order by month desc"),
    ("path", "share", "user_journeys", "order by sessions desc, path"),
    ("plan_name", "mrr", "plan_distribution", "and month = '2026-09-01' order by mrr desc"),
    ("product_name", "gross_profit", "product_performance", "order by rank_in_tenant"),
    (
        "category revenue_share",
        "revenue",
        "category_performance",
        "order by month desc, rank_in_month",
    ),
    (
        "invoice_number",
        "amount",
        "fct_invoices",
        "and is_outstanding order by days_past_due desc, amount desc",
    ),
]


@pytest.mark.parametrize(("known_by", "column", "mart", "rest"), TABLES, ids=lambda text: text)
def test_the_tables(page, shop, known_by, column, mart, rest):
    frames = [frame.value for frame in page(f"analyst@{shop.slug}", "report").dataframe]
    [values] = [list(f[column]) for f in frames if set(known_by.split()) <= set(f)]
    wanted = [v for (v,) in shop.all(f"select {column} from {mart} where tenant_id = ? {rest}")]
    assert [None if v != v else v for v in values] == wanted


def test_tables_that_disagree_are_said_to(page, shop):
    test = page(f"analyst@{shop.slug}", "report")
    [frame] = [f.value for f in test.dataframe if "agrees" in f.value]
    revenue = frame.set_index("compared").loc["Revenue: summary and days"]
    assert (
        revenue["one_side"]
        == shop("select total_revenue from tenant_summary where tenant_id = ?")[0]
    )
    assert (
        revenue["other_side"]
        == shop("select sum(total_revenue) from revenue_metrics where tenant_id = ?")[0]
    )
    assert not revenue["agrees"]
    assert any("disagree" in error.value for error in test.error)


def test_periods_after_the_reporting_date_are_left_out(page, shop):
    test = page(f"analyst@{shop.slug}", "report", as_of=date(2026, 8, 20))
    seen = charts(test)
    assert [r["when"] for r in seen["Revenue of each month"]] == [
        "May 2026",
        "Jun 2026",
        "Jul 2026",
    ]
    assert max(r["x"] for r in seen["Sessions of each day"]) == "2026-08-20T00:00:00"
    cohorts = {(r["cohort"][:8], r["number"]) for r in seen["Retention of each cohort by month"]}
    assert cohorts == {
        (name, n)
        for name, last in (("May 2026", 2), ("Jun 2026", 1), ("Jul 2026", 0))
        for n in range(last + 1)
    }
    started = shop(
        "select sum(sessions_started) from funnel_metrics where tenant_id = ?"
        " and cast(hour as date) between date '2026-07-22' and date '2026-08-20'"
    )[0]
    assert seen["Sessions that reach each step"][0]["count"] == started
    to_date = "select revenue_mtd from revenue_metrics where tenant_id = ? and dt = '2026-08-20'"
    assert metrics(test)["Month to date"][0] == formats.short_money(shop(to_date)[0], shop.currency)
    assert any("no time travel" in caption.value for caption in test.caption)


def test_the_first_day_breaks_no_page(page):
    test = page("analyst@ann", "report", as_of=FIRST_DAY)
    assert not test.exception
    assert metrics(test)["MRR"] == ("–", "")


def test_a_figure_says_what_it_means_in_the_words_of_dbt(page):
    """The tooltip names a column, and says what dbt's YAML says of it."""
    described = {
        (model["name"], column["name"]): " ".join(column["description"].split())
        for path in MARTS_FOLDER.rglob("*.yml")
        for model in read_yaml(path).get("models", [])
        for column in model["columns"]
    }
    for metric in page("analyst@ann").metric:
        text, column = metric.help.replace("\\", "").rsplit("`lakehouse_gold.", 1)
        words = described[tuple(column.rstrip("`").split("."))].split("{{")[0]
        assert words
        assert text.startswith(words), metric.label
