"""`manage.py seed_all`: fill an empty database with tenants and their history."""

from argparse import ArgumentParser
from dataclasses import fields, replace
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from ...seeding import SCALES, SeedPlan, Volumes, seed_database
from ..seed_command import SeedCommand, as_command_errors, chosen_dirt, history

ITEMS_PER_ORDER = 3


class Command(SeedCommand):
    """Tenants, customers, products, orders, events, subscriptions and invoices at once."""

    help = (
        "Fill the eight tables with believable history, by COPY, in one transaction. "
        "The same volumes, seed, dates and dirt give the same rows, ids included."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The scale, and volumes that override it."""
        parser.add_argument("--scale", choices=SCALES, default="small", help="default: small")
        for field in fields(Volumes):
            parser.add_argument(
                f"--{field.name}", type=int, help="instead of the scale's number of them"
            )
        super().add_arguments(parser)
        parser.add_argument("--clean", action="store_true", help="empty the eight tables first")
        parser.add_argument("--yes", action="store_true", help="needed by --clean outside DEBUG")

    def handle(self, **options: Any) -> None:
        """Seed as the options say."""
        if options["clean"] and not (settings.DEBUG or options["yes"]):
            raise CommandError(
                "--clean deletes every row of the eight tables and DJANGO_DEBUG is off; "
                "nothing was changed; add --yes if that is what you want"
            )
        with as_command_errors():
            days = history(**options)
            plan = SeedPlan(
                _volumes(**options), days.seed, days.start, days.end, chosen_dirt(**options)
            )
            with self.progress(plan.volumes) as on_progress:
                report = seed_database(plan, clean=options["clean"], on_progress=on_progress)
        self.print_summary(days, report)


def _volumes(*, scale: str, **options: Any) -> Volumes:
    """The scale's volumes, overridden; orders that are given bring their items along."""
    given = {
        field.name: options[field.name]
        for field in fields(Volumes)
        if options[field.name] is not None
    }
    if "orders" in given:
        given.setdefault("items", given["orders"] * ITEMS_PER_ORDER)
    return replace(SCALES[scale], **given)
