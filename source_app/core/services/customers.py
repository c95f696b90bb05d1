"""Writes to customers."""

from typing import Any

from ..models import Customer
from .saving import save_changes


def customer_update(*, customer: Customer, **changes: Any) -> Customer:
    """Change contact data, activity or metadata of a customer."""
    return save_changes(customer, **changes)
