"""Writes to products."""

from decimal import Decimal
from uuid import UUID, uuid4

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
        )
    )


def product_change_price(*, product: Product, price: Decimal) -> Product:
    """Set the price; items that were sold keep theirs."""
    return save_changes(product, price=price)


def product_delete(*, product: Product) -> None:
    """Delete a product. Raises ProtectedError when it was ever sold."""
    product.delete()
