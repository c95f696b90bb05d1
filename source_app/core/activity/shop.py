"""What a step works on: one tenant, and seeded chance to choose among its rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from ..errors import NothingToChangeError
from ..models import Tenant
from ..models.base import TenantRow
from ..seeding.draw import Chance

Row = TypeVar("Row", bound=TenantRow)


@dataclass(frozen=True)
class Change:
    """One line of the report: what happened to which row."""

    action: str
    table: str
    row_id: UUID
    detail: str = ""


def fresh_ids(seed: int) -> Chance:
    """A source of ids that differs from run to run, but for the same seed at the same moment."""
    return Chance(seed, "ids", timezone.now().isoformat())


def changed(action: str, row: models.Model, detail: str = "") -> Change:
    """The report's line for a row that is there after the change."""
    return Change(action, row._meta.db_table, row.pk, detail)


@dataclass(frozen=True)
class Shop:
    """A tenant whose rows are changed.

    `ids` gives new rows their ids: another generator than `chance`, because a seed may be used
    again on the same database, which then needs other ids. With `before`, steps that alter or
    delete leave rows alone that were created later, so that one run does not undo its own changes.
    """

    tenant: Tenant
    chance: Chance
    ids: Chance
    before: datetime | None = None

    def mine(self, model: type[Row]) -> models.QuerySet[Row]:
        """The tenant's rows."""
        return model.objects.for_tenant(self.tenant)

    def earlier(self, model: type[Row]) -> models.QuerySet[Row]:
        """The tenant's rows that may be altered."""
        rows = self.mine(model)
        return rows.filter(created_at__lt=self.before) if self.before else rows

    def pick(self, rows: models.QuerySet[Row], what: str) -> Row:
        """One of the rows. Raises NothingToChangeError, which says what there is none of."""
        return self.pick_some(rows, 1, what)[0]

    def pick_some(self, rows: models.QuerySet[Row], count: int, what: str) -> list[Row]:
        """Up to `count` different rows, at least one: those that follow a random id, in a circle.

        Ids are random, so every row comes up, and the primary key finds it in a table of any size.
        """
        point, ordered = self.chance.uuid(), rows.order_by("pk")
        picked = list(ordered.filter(pk__gte=point)[:count])
        if len(picked) < count:
            picked += ordered.filter(pk__lt=point)[: count - len(picked)]
        if not picked:
            raise NothingToChangeError(
                f"{self.tenant.name} has no {what}; changes up to here are committed; "
                "fill the database with `manage.py seed_all`"
            )
        for row in picked:
            row.tenant = self.tenant  # known already; services would read it again for each row
        return picked
