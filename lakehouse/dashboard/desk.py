"""From a principal to a view: who may look at which tenants, and up to which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from lakehouse.dashboard.definitions import read_definitions
from lakehouse.dashboard.errors import DashboardError
from lakehouse.dashboard.gold import AthenaGold, EmbeddedGold, Reading, workgroup_of
from lakehouse.dashboard.question import Question
from lakehouse.dashboard.sections import all_questions
from lakehouse.dashboard.settings import Settings
from lakehouse.dashboard.view import Tenant, View
from lakehouse.state import current_state

TENANTS = Question(
    "permitted_tenants",
    "Permitted tenants",
    """
    select tenant_id, tenant_name, tenant_slug, currency, plan, country
    from lakehouse_gold.dim_tenant
    order by tenant_name, tenant_id
    """,
)
# Marts with a row for every day to Gold's last one, if the tenant has customers, orders or plans.
DAYS = Question(
    "days_of_gold",
    "First and last day",
    """
    select min(first_day) as first_day, max(last_day) as last_day
    from (
        select min(dt) as first_day, max(dt) as last_day
        from lakehouse_gold.revenue_metrics
        where tenant_id = $tenant
        union all
        select min(dt) as first_day, max(dt) as last_day
        from lakehouse_gold.customer_metrics
        where tenant_id = $tenant
        union all
        select min(measured_on) as first_day, max(measured_on) as last_day
        from lakehouse_gold.fct_subscription_months
        where tenant_id = $tenant
    ) as days
    """,
)
QUESTIONS = (TENANTS, DAYS)
Gold = EmbeddedGold | AthenaGold
NO_CURRENCY = "XXX"  # ISO 4217 for no currency


@dataclass(frozen=True)
class Desk:
    """One principal at one state of Gold. tenants: the rows of dim_tenant that it gets."""

    principal: str
    reading: Reading
    tenants: tuple[Tenant, ...]

    def days(self, tenant: Tenant) -> tuple[date, date] | None:
        """Gold's first and last day of the tenant; None when it has no row for any day."""
        row = self.ask(DAYS, {"tenant": tenant.id}).iloc[0]
        return None if row["last_day"] is None else (row["first_day"], row["last_day"])

    def view(self, tenant: Tenant, last_day: date, as_of: date) -> View:
        """What a page gets."""
        permits, definitions = self.reading.permits, read_definitions()
        return View(self.ask, permits, definitions, tenant, last_day, as_of)

    def ask(self, question: Question, values: Mapping[str, str]) -> pd.DataFrame:
        """The answer; each state of Gold is asked once."""
        return self.reading.ask(question, values)


def gold_of(settings: Settings) -> Gold:
    """Where the principal's answers come from; nothing is read yet."""
    if settings.athena:
        group = workgroup_of(settings.principal, settings.athena)
        return AthenaGold(group, settings.region)
    return EmbeddedGold(settings.principal, current_state(), (*QUESTIONS, *all_questions()))


def open_desk(settings: Settings, gold: Gold) -> Desk:
    """The principal's desk. Raises LakehouseError when it may see no tenant at all."""
    reading = gold.now()
    for question in QUESTIONS:
        if not reading.permits(question):
            raise DashboardError(
                f"{settings.principal} may not read all of {', '.join(sorted(question.marts))}; "
                "the dashboard needs them. `lakehouse tenants` shows the tables that tenants read."
            )
    desk = Desk(settings.principal, reading, ())
    rows = desk.ask(TENANTS, {}).to_dict("records")
    if not rows:
        raise DashboardError(
            f"Gold has no tenant that {settings.principal} may see; nothing is shown. "
            "Build it (`lakehouse gold`), or compare `lakehouse tenants`."
        )
    return Desk(settings.principal, reading, tuple(_tenant(row) for row in rows))


def _tenant(row: Mapping[str, Any]) -> Tenant:
    return Tenant(
        row["tenant_id"],
        row["tenant_name"] or row["tenant_slug"] or row["tenant_id"],
        row["tenant_slug"] or row["tenant_id"],
        row["currency"] or NO_CURRENCY,
        row["plan"],
        row["country"],
    )
