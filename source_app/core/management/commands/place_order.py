"""`manage.py place_order`: one completed order, for a demonstration to follow."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...activity import place_one_order
from ...errors import CoreError


class Command(BaseCommand):
    """Places the order and prints what it is as one line of JSON."""

    help = (
        "Place and complete one order of a random customer, in one transaction; prints it as JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--seed", type=int, default=42, help="which customer and products")

    def handle(self, *, seed: int, **_: Any) -> None:
        """Place it and report."""
        try:
            order = place_one_order(seed)
        except CoreError as error:
            raise CommandError(str(error)) from error
        known = {"id": order.pk, "tenant_id": order.tenant_id, "total": order.total}
        self.stdout.write(json.dumps({name: str(value) for name, value in known.items()}))
