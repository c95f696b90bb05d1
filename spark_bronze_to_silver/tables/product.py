"""Products: a standard category, and what price, cost and stock say about them."""

from itertools import chain

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from spark_bronze_to_silver.tables.categories import OTHER, SPELLINGS
from spark_bronze_to_silver.tables.issues import with_issues
from spark_bronze_to_silver.tables.tombstones import is_told

# Upper bounds (exclusive) of the price bands, in units of the tenant's currency.
PRICE_BANDS = {"under_10": 10, "10_to_50": 50, "50_to_200": 200}
HIGHEST_BAND = "200_and_more"


def clean(products: DataFrame) -> DataFrame:
    """Standardises category; adds source_category, margins, price_band and is_out_of_stock.

    Issues: unknown_category (category is Other then), non_positive_price, cost_above_price,
    negative_stock.
    """
    price, cost, stock = F.col("price"), F.col("cost"), F.col("stock_quantity")
    standard = _standard_category(F.col("category"))
    flagged = with_issues(
        products,
        {
            "unknown_category": standard.isNull(),
            "non_positive_price": price <= 0,
            "cost_above_price": cost > price,
            "negative_stock": stock < 0,
        },
    )
    return flagged.withColumns(
        {
            "source_category": F.col("category"),
            "category": F.when(is_told("category"), F.coalesce(standard, F.lit(OTHER))),
            "unit_margin": price - cost,
            "margin_rate": (price - cost).cast("double") / F.nullif(price, F.lit(0)).cast("double"),
            "price_band": _price_band(price),
            "is_out_of_stock": stock <= 0,
        }
    )


def _standard_category(category: Column) -> Column:
    spelling = F.trim(F.regexp_replace(F.lower(category), r"[^\p{L}\p{N}]+", " "))
    names = [(F.lit(s), F.lit(name)) for name, spelt in SPELLINGS.items() for s in spelt]
    return F.create_map(*chain.from_iterable(names))[spelling]


def _price_band(price: Column) -> Column:
    below = [F.when(price < bound, F.lit(band)) for band, bound in PRICE_BANDS.items()]
    return F.coalesce(*below, F.when(price.isNotNull(), F.lit(HIGHEST_BAND)))
