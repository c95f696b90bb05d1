"""Writes to products."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from ..models import Product, Tenant
from .saving import save_changes, save_new


def product_create(
    *,
    tenant: Tenant,
    sku: str,
    name: str,
    category: str,
    price: Decimal,
    cost: Decimal,
    description: str = "",
    stock_quantity: int = 0,
    product_id: UUID | None = None,
) -> Product:
    """Add a product; product_id brings one back under the id that it had before it was deleted."""
    at = timezone.now()
    return save_new(
        Product(
            id=product_id or uuid4(),
            tenant=tenant,
            sku=sku,
            name=name,
            description=description,
            category=category,
            price=price,
            cost=cost,
            stock_quantity=stock_quantity,
            created_at=at,
            updated_at=at,
        )
    )


def product_update(*, product: Product, **changes: Any) -> Product:
    """Change what the catalogue says of a product, or retire it (is_active)."""
    return save_changes(product, **changes)


def product_change_price(*, product: Product, price: Decimal) -> Product:
    """Set the price; items that were sold keep theirs."""
    return save_changes(product, price=price)


def product_move_stock(*, product: Product, by: int) -> None:
    """Add to the stock, or take from it; the server adds, so that no sale at the same time is lost.

    The given object keeps the old quantity.
    """
    Product.objects.filter(pk=product.pk).update(stock_quantity=F("stock_quantity") + by)


def product_delete(*, product: Product) -> None:
    """Delete a product. Raises ProtectedError when it was ever sold."""
    product.delete()
