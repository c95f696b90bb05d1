"""Products: what sells, at which margin, how long the stock lasts."""

import altair as alt
import pandas as pd
import streamlit as st

from lakehouse.dashboard import charts, formats, periods, theme
from lakehouse.dashboard.question import Question
from lakehouse.dashboard.view import Section, Table, Tables, View, named
from lakehouse.dashboard.widgets import card, chart, grid, nothing

PRODUCTS = Question(
    "products",
    "Products",
    """
    select p.rank_in_tenant, d.product_name, d.sku, d.category, p.units_sold, p.order_count,
        p.revenue, p.gross_profit, p.gross_margin, p.stock_quantity, p.days_of_inventory,
        p.inventory_turnover, p.sell_through_rate, p.is_out_of_stock
    from lakehouse_gold.product_performance as p
    inner join lakehouse_gold.dim_product as d
        on p.tenant_id = d.tenant_id and p.product_id = d.product_id
    where p.tenant_id = $tenant
    order by p.rank_in_tenant, d.product_name, d.sku
    """,
)
CATEGORIES = Question(
    "categories_by_month",
    "Categories by month",
    """
    select month, category, rank_in_month, revenue, revenue_share, revenue_mom_growth, units_sold,
        gross_profit, gross_margin
    from lakehouse_gold.category_performance
    where tenant_id = $tenant
    order by month, rank_in_month, category
    """,
)
TOP = 10
NO_SALES = "Nothing was sold up to this day."


def best(frame: pd.DataFrame) -> pd.DataFrame:
    """The products that sold most, of those that sold at all."""
    return frame[[units > 0 for units in frame["units_sold"]]].head(TOP) if len(frame) else frame


def products_table(view: View) -> Table:
    """All products: their whole history, which Gold does not cut at another day."""
    return view.table(PRODUCTS, note=f"whole history to {formats.day(view.last_day)}")


def read(view: View) -> Tables:
    """Products over their whole history; categories of months that were over by then."""
    return named([products_table(view), view.table(CATEGORIES, view.months)])


def best_chart(view: View, table: Table) -> None:
    """The best sellers by revenue, or why there are none."""
    if not nothing(Table(table.question, best(table.frame), table.note), NO_SALES):
        drawn = charts.ranked(best(table.frame), "product_name", "revenue", view.tenant.currency)
        chart(drawn, "Revenue of the products that sell most")


def show(view: View, tables: Tables) -> None:
    """Best sellers, categories by month, every product."""
    products, categories = tables[PRODUCTS.name], tables[CATEGORIES.name]
    left, right = st.columns(2)
    with left, card("Best sellers", f"by revenue · {products.note}"):
        best_chart(view, products)
    with right, card("Revenue by category", "by month"):
        if not nothing(categories, NO_SALES):
            chart(category_chart(categories.frame, view.tenant.currency), "Revenue by category")
    with card("All products", products.note):
        if not nothing(products, "No products."):
            grid(view, products, COLUMNS)
    with card("Categories", "by month, newest first"):
        if not nothing(categories, NO_SALES):
            newest = _newest_first(categories.frame, view)
            grid(view, Table(categories.question, newest, categories.note), CATEGORY_COLUMNS)
            st.caption("Growth stands only for months that are over.")


def _newest_first(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    """The months, without the growth of one that is not over: it is no base to judge by."""
    rows = frame.sort_values(
        ["month", "rank_in_month"], ascending=[False, True], kind="stable"
    ).to_dict("records")
    for row in rows:
        if periods.month_end(row["month"]) > view.as_of:
            row["revenue_mom_growth"] = None
    return pd.DataFrame(rows, columns=frame.columns, dtype=object)


COLUMNS = {
    "rank_in_tenant": "Rank",
    "product_name": "Product",
    "category": "Category",
    "units_sold": "Units",
    "revenue": "Revenue",
    "gross_profit": "Gross profit",
    "gross_margin": "Margin",
    "stock_quantity": "Stock",
    "days_of_inventory": "Days of stock",
    "sell_through_rate": "Sell-through",
}
CATEGORY_COLUMNS = {
    "month": "Month",
    "category": "Category",
    "revenue": "Revenue",
    "revenue_share": "Share",
    "revenue_mom_growth": "On month",
    "units_sold": "Units",
    "gross_margin": "Margin",
}


def category_chart(frame: pd.DataFrame, currency: str) -> alt.Chart:
    """Months as bars of categories, the one with most months and the best rank first."""
    names = frame.groupby("category", sort=False)["rank_in_month"].mean().sort_values().index
    wide = frame.pivot(index="month", columns="category", values="revenue").astype(object)
    wide = wide.where(wide.notna(), None).reset_index()
    return charts.stacked(wide, {n: n for n in names}, _colors(len(names)), currency)


def _colors(number: int) -> list[str]:
    return (theme.KINDS * (number // len(theme.KINDS) + 1))[:number]


SECTION = Section(
    "products", "Products", ":material/inventory_2:", (PRODUCTS, CATEGORIES), read, show
)
