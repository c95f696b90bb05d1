"""Dirt of products. A negative price or cost can't occur: the database refuses it."""

from decimal import Decimal

from ..draw import Chance
from ..rows import ProductRow
from ..vocabulary import CATEGORIES
from .kind import Kind, Setting

SYNONYMS = {
    "Electronics": "Elektronik",
    "Clothing": "Bekleidung",
    "Home": "Haushalt",
    "Books": "Bücher",
    "Sports": "Sport",
}
NO_CATEGORIES = ("Misc", "Sonstiges", "???", "")
_KNOWN = ", ".join(f"'{name}'" for name in CATEGORIES)
_SYNONYMS = ", ".join(f"'{name}'" for name in SYNONYMS.values())


def _other_spelling(chance: Chance, row: ProductRow, _: Setting) -> ProductRow:
    name = row.category
    spellings = (name.lower(), name.upper(), f"{name} ", f" {name.lower()}", f"{name.lower()} ")
    return row._replace(category=chance.choice(spellings))


def _synonym(_: Chance, row: ProductRow, __: Setting) -> ProductRow:
    return row._replace(category=SYNONYMS[row.category])


def _no_category(chance: Chance, row: ProductRow, _: Setting) -> ProductRow:
    return row._replace(category=chance.choice(NO_CATEGORIES))


def _free(_: Chance, row: ProductRow, __: Setting) -> ProductRow:
    return row._replace(price=Decimal("0.00"), cost=Decimal("0.00"))


def _at_a_loss(chance: Chance, row: ProductRow, _: Setting) -> ProductRow:
    markup = Decimal(chance.randint(105, 150)) / 100
    return row._replace(cost=(row.price * markup).quantize(Decimal("0.01")))


def _oversold(chance: Chance, row: ProductRow, _: Setting) -> ProductRow:
    return row._replace(stock_quantity=-chance.randint(1, 20))


def _any(_: ProductRow, __: Setting) -> bool:
    return True


KINDS = (
    Kind(
        "category_spelling",
        "core_product",
        _any,
        _other_spelling,
        f"""select count(*) from core_product
        where category not in ({_KNOWN}) and initcap(trim(category)) in ({_KNOWN})""",
    ),
    Kind(
        "category_synonym",
        "core_product",
        _any,
        _synonym,
        f"select count(*) from core_product where category in ({_SYNONYMS})",
    ),
    Kind(
        "unknown_category",
        "core_product",
        _any,
        _no_category,
        f"""select count(*) from core_product
        where initcap(trim(category)) not in ({_KNOWN}) and category not in ({_SYNONYMS})""",
        "unknown_category",
    ),
    Kind(
        "non_positive_price",
        "core_product",
        _any,
        _free,
        "select count(*) from core_product where price <= 0",
        "non_positive_price",
    ),
    Kind(
        "cost_above_price",
        "core_product",
        _any,
        _at_a_loss,
        "select count(*) from core_product where cost > price",
        "cost_above_price",
    ),
    Kind(
        "negative_stock",
        "core_product",
        _any,
        _oversold,
        "select count(*) from core_product where stock_quantity < 0",
        "negative_stock",
    ),
)
