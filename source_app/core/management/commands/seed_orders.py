"""`manage.py seed_orders`: further orders with their items."""

from argparse import ArgumentParser
from typing import Any

from ...seeding import Volumes
from ..seed_command import AddCommand
from .seed_all import ITEMS_PER_ORDER


class Command(AddCommand):
    """Orders and items."""

    help = "Add orders with their items to the tenants that are there; order numbers go on."
    volume = "orders"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The items besides what all commands have."""
        parser.add_argument(
            "--items", type=int, help=f"over all orders; default: {ITEMS_PER_ORDER} for each"
        )
        super().add_arguments(parser)

    def volumes(self, rows: int, *, items: int | None, **_: Any) -> Volumes:
        """Orders and their items."""
        return Volumes(orders=rows, items=rows * ITEMS_PER_ORDER if items is None else items)
