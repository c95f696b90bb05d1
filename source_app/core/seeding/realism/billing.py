"""Subscriptions and invoices."""

from ..invoices import PAYERS
from ..subscriptions import PLAN_CHANGES, UPGRADES
from .probe import Probe, between, near

# An invoice that will ever be paid is paid within this many days.
SETTLED_DAYS = 51
_ON_TIME, _LATE, _NEVER = (PAYERS.share(payer) for payer in ("on_time", "late", "never"))

PROBES = (
    Probe(
        (
            near("subscriptions: active, share", 0.70, 0.005),
            near("subscriptions: trial, share", 0.10, 0.005),
            near("subscriptions: cancelled, share", 0.15, 0.005),
            near("subscriptions: expired, share", 0.05, 0.005),
        ),
        """
        select avg((status = 'active')::int), avg((status = 'trial')::int),
            avg((status = 'cancelled')::int), avg((status = 'expired')::int)
        from core_subscription""",
    ),
    Probe(
        (
            near(
                "subscriptions: cancelled for another plan, share of cancelled", PLAN_CHANGES, 0.03
            ),
            near("subscriptions: upgrades, share of changes", UPGRADES, 0.12),
        ),
        """
        with cancelled as (
            select s.id, s.monthly_amount as was, next.monthly_amount as becomes
            from core_subscription s left join core_subscription next
                on next.customer_id = s.customer_id and next.start_date = s.end_date
                    and next.plan_name <> s.plan_name
            where s.status = 'cancelled')
        select avg((becomes is not null)::int),
            avg((becomes > was)::int) filter (where becomes is not null)
        from cancelled""",
    ),
    Probe(
        (
            near("invoices: paid by the due date, share", _ON_TIME, 0.02),
            near("invoices: paid late, share", _LATE, 0.02),
            near("invoices: never paid, share", _NEVER, 0.02),
        ),
        f"""
        select avg((status = 'paid' and paid_date <= due_date)::int),
            avg((status = 'paid' and paid_date > due_date)::int),
            avg((status <> 'paid')::int)
        from core_invoice
        where status not in ('cancelled', 'draft')
            and issue_date < %(end)s::date - {SETTLED_DAYS}""",
    ),
    Probe(
        (
            between("invoices: of a subscription, share", 0.4, 0.9),
            near("invoices: of these, as much as the plan says, share", 1, 0.02),
        ),
        """
        select avg((i.subscription_id is not null)::int),
            avg((i.amount = s.monthly_amount * case s.billing_cycle
                when 'yearly' then 12 else 1 end)::int)
        from core_invoice i left join core_subscription s on s.id = i.subscription_id""",
    ),
)
