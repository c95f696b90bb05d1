"""Reads what the database has, for rows that are to be added to it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection

from ..errors import MissingParentsError, NoSuchTenantError, PlanError
from .customers import Buyer
from .generate import Parents
from .orders import ORDER_NUMBERS_ABOVE, Purchase
from .plan import History
from .products import Good
from .rows import SubscriptionRow, TenantRow
from .shops import ONBOARDING, Member, Numbers, Shop, make_members, slug_of
from .visits import tracking
from .vocabulary import CITIES, COMPANIES

CODES = {slug_of(company): company.code for company in COMPANIES}
SHORTEST_HISTORY = timedelta(days=2)

# Numbers of other forms, as services and people give them, don't count.
_NUMBERS = """
select
    (select max(substring(email from '([0-9]{{1,9}})@')::bigint)
        from core_customer where tenant_id = %(tenant)s),
    (select max(substring(sku from '^[A-Z]{{3}}-([0-9]{{1,9}})$')::bigint)
        from core_product where tenant_id = %(tenant)s),
    (select max(substring(order_number from '^{code}-([0-9]{{1,9}})$')::bigint) - {above}
        from core_order where tenant_id = %(tenant)s),
    (select count(*) from core_event where tenant_id = %(tenant)s),
    (select count(*) from core_subscription where tenant_id = %(tenant)s),
    (select max(substring(invoice_number from '^{code}-INV-([0-9]{{1,9}})$')::bigint)
        from core_invoice where tenant_id = %(tenant)s)
"""

_UNTRACKED = """
from core_order o join core_customer c on c.id = o.customer_id
where o.tenant_id = %(tenant)s and o.status <> 'cancelled'
  and o.order_date > %(from)s and o.order_date < %(to)s
  and not exists (
    select from core_event e where e.tenant_id = o.tenant_id and e.event_type = 'purchase'
      and e.event_data ->> 'order_id' = o.id::text)
"""
_PURCHASES = f"""
select o.id, o.order_date, o.customer_id, c.created_at,
    (select i.product_id from core_orderitem i where i.order_id = o.id
        order by i.product_id limit 1),
    (o.total * 100)::bigint
{_UNTRACKED} order by o.order_date, o.id
"""


def read_members(cursor: Any) -> list[Member]:
    """All tenants, in the order in which they are made, then by age."""
    cursor.execute(f"select {', '.join(TenantRow._fields)} from core_tenant order by created_at")
    tenants = [TenantRow(*values) for values in cursor.fetchall()]
    tenants = [tenant._replace(settings=_json(tenant.settings)) for tenant in tenants]
    codes = list(CODES.values())
    members = [
        Member(tenant, code, _numbers(cursor, tenant, code))
        for tenant in tenants
        for code in [CODES.get(tenant.slug, tenant.slug.upper())]
    ]
    return sorted(members, key=lambda m: codes.index(m.code) if m.code in codes else len(codes))


def new_members(history: History, members: Iterable[Member], count: int) -> list[Member]:
    """The next tenants that there are names for. Raises PlanError when they run out."""
    names = {member.tenant.name for member in members}
    free = [company for company in COMPANIES if company.name not in names]
    if count > len(free):
        raise PlanError(
            f"there are names for {len(free)} more tenants only, {count} were asked for; nothing "
            "was seeded; choose fewer"
        )
    return make_members(history, free[:count])


def chosen(members: Sequence[Member], slug: str | None) -> list[Member]:
    """All members, or the one of that slug. Raises NoSuchTenantError, MissingParentsError."""
    if slug is None:
        if not members:
            raise MissingParentsError(
                "the database has no tenants; nothing was seeded; run `manage.py seed_tenants`"
            )
        return list(members)
    found = [member for member in members if member.tenant.slug == slug]
    if not found:
        raise NoSuchTenantError(
            f"no tenant has the slug {slug}; nothing was changed; there are: "
            + (", ".join(member.tenant.slug for member in members) or "none")
        )
    return found


def read_parents(cursor: Any, shop: Shop) -> tuple[Shop, Parents]:
    """What the shop's new rows may belong to; the shop opens when the first of it is there.

    Raises MissingParentsError when there is nothing, PlanError when it comes after the history.
    """
    volumes = shop.volumes
    sells = bool(volumes.orders or volumes.events)
    deals = sells or bool(volumes.subscriptions or volumes.invoices)
    parents = Parents(
        buyers=_buyers(cursor, shop) if deals else [],
        goods=_goods(cursor, shop) if sells else [],
    )
    if deals and not (parents.buyers or volumes.customers):
        raise _missing(shop, "customers")
    if sells and not (parents.goods or volumes.products):
        raise _missing(shop, "products")
    shop = _opening(shop, [rows[0].created_at for rows in parents[:2] if rows])
    if volumes.subscriptions:
        parents = parents._replace(subscribers=_subscribers(cursor, shop))
    if volumes.invoices:
        parents = parents._replace(
            subscriptions=_subscriptions(cursor, shop), billed=_billed(cursor, shop)
        )
    if volumes.events:
        parents = parents._replace(purchases=_purchases(cursor, shop))
    return shop, parents


def _missing(shop: Shop, what: str) -> MissingParentsError:
    return MissingParentsError(
        f"tenant {shop.tenant.slug} has no {what}; nothing was seeded; run `manage.py seed_{what}`"
    )


def _opening(shop: Shop, firsts: list) -> Shop:
    joined_at = max([shop.joined_at, *(first - ONBOARDING for first in firsts)])
    if joined_at > shop.history.closes_at - SHORTEST_HISTORY:
        raise PlanError(
            f"tenant {shop.tenant.slug}, its first customer or its first product is of "
            f"{joined_at:%Y-%m-%d}, too late for a history that ends on {shop.history.end}; "
            "nothing was seeded; choose a later --end-date"
        )
    return replace(shop, joined_at=joined_at)


def _numbers(cursor: Any, tenant: TenantRow, code: str) -> Numbers:
    query = _NUMBERS.format(code=code, above=ORDER_NUMBERS_ABOVE)
    cursor.execute(query, {"tenant": tenant.id})
    return Numbers(*(max(number or 0, 0) for number in cursor.fetchone()))


def _rows(cursor: Any, shop: Shop, query: str) -> list[tuple]:
    cursor.execute(query, {"tenant": shop.tenant.id})
    return cursor.fetchall()


def _buyers(cursor: Any, shop: Shop) -> list[Buyer]:
    rows = _rows(
        cursor,
        shop,
        "select id, created_at, metadata ->> 'country' from core_customer "
        "where tenant_id = %(tenant)s order by created_at, id",
    )
    return [
        Buyer(key, created_at, country if country in CITIES else shop.country)
        for key, created_at, country in rows
    ]


def _goods(cursor: Any, shop: Shop) -> list[Good]:
    query = (
        "select id, created_at, (price * 100)::bigint from core_product "
        "where tenant_id = %(tenant)s order by created_at, id"
    )
    return [Good(*values) for values in _rows(cursor, shop, query)]


def _subscribers(cursor: Any, shop: Shop) -> frozenset:
    query = "select distinct customer_id from core_subscription where tenant_id = %(tenant)s"
    return frozenset(key for (key,) in _rows(cursor, shop, query))


def _subscriptions(cursor: Any, shop: Shop) -> list[SubscriptionRow]:
    query = (
        f"select {', '.join(SubscriptionRow._fields)} from core_subscription "
        "where tenant_id = %(tenant)s order by created_at, id"
    )
    return [SubscriptionRow(*values) for values in _rows(cursor, shop, query)]


def _billed(cursor: Any, shop: Shop) -> frozenset:
    query = (
        "select subscription_id, issue_date from core_invoice "
        "where tenant_id = %(tenant)s and subscription_id is not null"
    )
    return frozenset(_rows(cursor, shop, query))


def _purchases(cursor: Any, shop: Shop) -> list[Purchase]:
    """Those of the orders without a session that get one; read without holding the others."""
    span = {"tenant": shop.tenant.id, "from": shop.opens_at, "to": shop.history.closes_at}
    cursor.execute(f"select count(*) {_UNTRACKED}", span)
    has_session = tracking(shop, cursor.fetchone()[0])
    with connection.chunked_cursor() as stream:
        stream.execute(_PURCHASES, span)
        return [Purchase(*values) for values in stream if has_session.takes()]


def _json(value: Any) -> dict:
    return json.loads(value) if isinstance(value, str) else value
