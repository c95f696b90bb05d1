"""Wrong definitions: each changes one model or macro so that a metric would mean something else."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutation:
    """One text of a file, found exactly once, exchanged for another."""

    what: str
    file: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """The model's name, or that of the file of macros."""
        return Path(self.file).stem

    @property
    def is_macro(self) -> bool:
        return self.file.startswith("macros/")


STAGING, STEPS, MARTS = "models/staging", "models/intermediate", "models/marts"
COMPLETED = "where order_status = 'completed'"
MUTATIONS = (
    Mutation(
        "deleted orders count",
        f"{STAGING}/stg_silver__orders.sql",
        "    where not is_deleted\n",
        "",
    ),
    Mutation(
        "versions of a subscription that never held count",
        f"{STAGING}/stg_silver__subscription_history.sql",
        "where {{ version_held() }}",
        "where not is_deleted",
    ),
    Mutation(
        "cancelled orders are completed ones",
        f"{STEPS}/int_orders__completed.sql",
        COMPLETED,
        "where order_status in ('completed', 'cancelled')",
    ),
    Mutation(
        "items of pending orders are sold",
        f"{STEPS}/int_order_items__sold.sql",
        COMPLETED,
        "where order_status <> 'cancelled'",
    ),
    Mutation(
        "the orders of as_of_date are left out",
        f"{STEPS}/int_orders__placed.sql",
        "<= {{ as_of_date() }}",
        "< {{ as_of_date() }}",
    ),
    Mutation(
        "duplicate customers count for themselves",
        f"{STEPS}/int_orders__placed.sql",
        "coalesce(customers.canonical_customer_id, orders.customer_id)",
        "orders.customer_id",
    ),
    Mutation(
        "a session's duplicate customer counts for itself",
        f"{STEPS}/int_sessions__started.sql",
        "coalesce(customers.canonical_customer_id, sessions.customer_id)",
        "sessions.customer_id",
    ),
    Mutation(
        "customers churn a day late",
        f"{STEPS}/int_customers__daily_changes.sql",
        "next_on >= {{ days_after('ordered_on', var('churn_days')) }}",
        "next_on > {{ days_after('ordered_on', var('churn_days')) }}",
    ),
    Mutation(
        "MRR has the terms of a month's last morning",
        f"{STEPS}/int_subscriptions__months.sql",
        "days_after('measured_on', 1)",
        "days_after('measured_on', 0)",
    ),
    Mutation(
        "a subscription is still paid on its end date",
        f"{STEPS}/int_subscriptions__months.sql",
        "ended_on > measured_on",
        "ended_on >= measured_on",
    ),
    Mutation(
        "trials are paying",
        f"{STEPS}/int_subscriptions__months.sql",
        "        terms.subscription_status <> 'trial' as is_paying",
        "        true as is_paying",
    ),
    Mutation(
        "no terms apply before the first known ones",
        f"{STEPS}/int_subscriptions__terms.sql",
        "case when previous_from is not null then valid_from end",
        "valid_from",
    ),
    Mutation(
        "who comes back is new",
        f"{STEPS}/int_subscriptions__mrr_movements.sql",
        "previous_mrr = 0 and highest_mrr_before = 0",
        "previous_mrr = 0",
    ),
    Mutation(
        "net churn forgets expansion",
        f"{MARTS}/subscriptions/mrr_metrics.sql",
        "'churned_mrr + contraction_mrr - expansion_mrr'",
        "'churned_mrr + contraction_mrr'",
    ),
    Mutation(
        "events find another tenant's session",
        f"{STEPS}/int_sessions__traced.sql",
        "events.tenant_id = due.tenant_id\n            and ",
        "",
    ),
    Mutation(
        "a step at the moment of the one before does not count",
        f"{STEPS}/int_sessions__traced.sql",
        "occurred_at >= page_view_at",
        "occurred_at > page_view_at",
    ),
    Mutation(
        "conversion is measured from the first page view",
        f"{MARTS}/behaviour/funnel_metrics.sql",
        "ratio('sessions_reaching_purchase', 'sessions_started')",
        "ratio('sessions_reaching_purchase', 'sessions_reaching_page_view')",
    ),
    Mutation(
        "a path holds every repeat",
        f"{STEPS}/int_sessions__traced.sql",
        "where previous_type is null or previous_type <> event_type",
        "where true",
    ),
    Mutation(
        "a year's invoice is eleven months",
        f"{MARTS}/core/fct_invoices.sql",
        "when 'yearly' then 12 else 1 end",
        "when 'yearly' then 11 else 1 end",
    ),
    Mutation(
        "a margin is a share of the cost",
        f"{MARTS}/core/dim_product.sql",
        "ratio('price - cost', 'price')",
        "ratio('price - cost', 'cost')",
    ),
    Mutation(
        "the weekly mean takes eight days",
        f"{MARTS}/revenue/revenue_metrics.sql",
        "rows between 6 preceding and current row",
        "rows between 7 preceding and current row",
    ),
    Mutation(
        "a year has eleven months",
        f"{MARTS}/revenue/revenue_growth.sql",
        "lag(total_revenue, 12)",
        "lag(total_revenue, 11)",
    ),
    Mutation(
        "payment on the due date is late",
        f"{MARTS}/payments/payment_metrics.sql",
        "paid_on <= due_on then 1",
        "paid_on < due_on then 1",
    ),
    Mutation(
        "the turnover looks back 91 days",
        f"{MARTS}/products/product_performance.sql",
        "days_before(as_of_date(), 90)",
        "days_before(as_of_date(), 91)",
    ),
    Mutation(
        "cumulative retention leaves out the month itself",
        f"{MARTS}/customers/customer_cohorts.sql",
        "rows between current row and unbounded following",
        "rows between 1 following and unbounded following",
    ),
    Mutation(
        "overdue invoices are not outstanding",
        f"{MARTS}/tenants/tenant_summary.sql",
        "invoice_status in ('sent', 'overdue')",
        "invoice_status in ('sent')",
    ),
    Mutation(
        "a month ends on the first of the next",
        "macros/dates.sql",
        "cast(date_trunc('month', {{ day }}) + interval '1' month - interval '1' day as date)",
        "cast(date_trunc('month', {{ day }}) + interval '1' month as date)",
    ),
    Mutation(
        "a share of nothing is a number",
        "macros/numbers.sql",
        "/ nullif(cast({{ denominator }} as double), 0)",
        "/ cast({{ denominator }} as double)",
    ),
)
