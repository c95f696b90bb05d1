"""The catalogue: products launched, priced, stocked, retired, deleted and brought back."""

from collections.abc import Iterator
from decimal import Decimal

from django.db import models

from ... import services
from ...models import Product
from ...seeding.vocabulary import ADJECTIVES, CATEGORIES
from ..shop import Change, Shop, changed

CENT = Decimal("0.01")
# Below this share of its cost's multiple a price only goes up again.
LEAST_MARKUP, UP, DOWN = Decimal("1.2"), Decimal("1.08"), Decimal("0.92")


def launch_product(shop: Shop) -> list[Change]:
    """A new product in the catalogue."""
    chance, key = shop.chance, shop.ids.uuid()
    category = chance.choice(list(CATEGORIES))
    price = Decimal(chance.randrange(5, 400)) - CENT
    product = services.product_create(
        tenant=shop.tenant,
        sku=f"NEW-{key.hex[:8].upper()}",
        name=f"{chance.choice(ADJECTIVES)} {chance.choice(CATEGORIES[category].words)}",
        category=category,
        price=price,
        cost=(price * Decimal("0.55")).quantize(CENT),
        stock_quantity=chance.randrange(20, 200),
        product_id=key,
    )
    return [changed("product launched", product, product.sku)]


def change_price(shop: Shop) -> list[Change]:
    """A price goes down, or up where little is earned."""
    product = shop.pick(shop.earlier(Product), "product")
    old = product.price
    factor = UP if old < product.cost * LEAST_MARKUP else DOWN
    services.product_change_price(product=product, price=max((old * factor).quantize(CENT), CENT))
    return [changed("product price changed", product, f"{old} -> {product.price}")]


def restock(shop: Shop) -> list[Change]:
    """A delivery arrives: more stock."""
    product, count = shop.pick(shop.mine(Product), "product"), shop.chance.randrange(5, 60)
    services.product_move_stock(product=product, by=count)
    return [changed("product restocked", product, f"+{count}")]


def retire_product(shop: Shop) -> list[Change]:
    """A product leaves the catalogue, or comes back to it; its sales stay."""
    product = shop.pick(shop.earlier(Product), "product")
    product = services.product_update(product=product, is_active=not product.is_active)
    return [changed("product retired or back", product, f"is_active {product.is_active}")]


def delete_product(shop: Shop) -> list[Change]:
    """A product that was never sold is deleted."""
    product = shop.pick(unsold(shop), "product that was never sold")
    row_id = product.pk
    services.product_delete(product=product)
    return [Change("product deleted", "core_product", row_id, product.sku)]


def recreate_product(shop: Shop) -> Iterator[Change]:
    """A product that was never sold is deleted, then entered again under its id."""
    product = shop.pick(unsold(shop), "product that was never sold")
    row_id = product.pk
    services.product_delete(product=product)
    yield Change("product deleted", "core_product", row_id, product.sku)
    product = services.product_create(
        tenant=shop.tenant,
        sku=product.sku,
        name=product.name,
        description=product.description,
        category=product.category,
        price=product.price + 1,
        cost=product.cost,
        stock_quantity=product.stock_quantity,
        product_id=row_id,
    )
    yield changed("product re-created, next transaction", product, f"price {product.price}")


def unsold(shop: Shop) -> models.QuerySet[Product]:
    """Products that no order holds."""
    return shop.mine(Product).filter(orderitem__isnull=True)
