"""What visitors of a tenant's shop do: sessions of events along the funnel, some anonymous.

A session that ends in a purchase belongs to an order: its last event has the order's moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate, chain, islice
from uuid import UUID

from .draw import Chance, Shelf
from .orders import PlacedOrder
from .rows import CustomerRow, EventRow, Json, ProductRow
from .shops import Shop
from .vocabulary import CAMPAIGNS, CATEGORIES, REFERRERS, USER_AGENTS

# Sessions that buy, per event of the tenant. With the lengths of the other sessions, about 30 % of
# the sessions that see a product end in a purchase.
BUYING_SESSIONS_PER_EVENT = 0.04
# How far the sessions that buy nothing get, in percent.
FURTHEST = {"bounce": 30, "browse": 25, "product_view": 27, "add_to_cart": 12, "checkout": 6}
FUNNEL = ("product_view", "add_to_cart", "checkout", "purchase")
IDENTIFIED, LOGIN_AT_CHECKOUT = 0.6, 0.25
SEARCHES, CLICKS, CAMPAIGN_SHARE = 0.35, 0.25, 0.2
PAUSE_SECONDS = (4, 110)
IPV6_SHARE = 0.1
TRACKED_FROM = timedelta(hours=1)


@dataclass(frozen=True)
class Interest:
    """What a session is about; without an order it is only looked at."""

    product_id: UUID
    cart_value: Decimal
    order_id: UUID | None = None


@dataclass(frozen=True)
class Visitor:
    """Who comes, and from where; the customer is known from `known_from` on."""

    customer: CustomerRow | None
    known_from: datetime
    session_id: str
    ip_address: str
    user_agent: str
    landing: Json


def make_events(
    shop: Shop,
    customers: Shelf[CustomerRow],
    products: Shelf[ProductRow],
    orders: list[PlacedOrder],
) -> Iterator[EventRow]:
    """The tenant's events by session; the last session stops when the volume is reached."""
    chance = shop.chance("events")
    sessions = chain(
        _buying_sessions(chance, shop, customers, orders),
        _other_sessions(chance, shop, customers, products),
    )
    return islice(chain.from_iterable(sessions), shop.volumes.events)


def _buying_sessions(
    chance: Chance, shop: Shop, customers: Shelf[CustomerRow], orders: list[PlacedOrder]
) -> Iterator[Iterator[EventRow]]:
    by_id = {customer.id: customer for customer in customers.items}
    earliest = shop.opens_at + TRACKED_FROM
    candidates = [
        order
        for order in orders
        if order.row.status != "cancelled" and order.row.order_date > earliest
    ]
    wanted = round(shop.volumes.events * BUYING_SESSIONS_PER_EVENT)
    for order in chance.sample(candidates, min(wanted, len(candidates))):
        steps = _steps(chance, "purchase")
        times = _times_until(chance, order.row.order_date, len(steps))
        customer = by_id[order.row.customer_id]
        login = times[-2] if chance.happens(LOGIN_AT_CHECKOUT) else times[0]
        visitor = _visitor(chance, customer, max(login, customer.created_at))
        interest = Interest(order.items[0].product_id, order.row.total, order.row.id)
        yield _events(chance, shop, visitor, interest, zip(steps, times, strict=True))


def _other_sessions(
    chance: Chance, shop: Shop, customers: Shelf[CustomerRow], products: Shelf[ProductRow]
) -> Iterator[Iterator[EventRow]]:
    while True:
        steps = _steps(chance, chance.one_of(FURTHEST))
        times = _times_from(chance, shop, len(steps))
        customer = customers.pick(chance, times[0]) if chance.happens(IDENTIFIED) else None
        product = products.pick(chance, times[0])
        visitor = _visitor(chance, customer, times[0])
        interest = Interest(product.id, product.price * chance.randint(1, 3))
        yield _events(chance, shop, visitor, interest, zip(steps, times, strict=True))


def _steps(chance: Chance, furthest: str) -> list[str]:
    """Event types of one session, in order."""
    if furthest == "bounce":
        return ["page_view"]
    steps = ["page_view"] * chance.randint(1, 3)
    steps += ["search"] * chance.happens(SEARCHES) + ["click"] * chance.happens(CLICKS)
    if furthest == "browse":
        return [*steps, "page_view"]
    steps += ["product_view"] * chance.randint(1, 3)
    return steps + list(FUNNEL[1 : FUNNEL.index(furthest) + 1])


def _times_from(chance: Chance, shop: Shop, count: int) -> list[datetime]:
    start = shop.timeline.moment(chance, shop.opens_at)
    times = list(accumulate(_pauses(chance, count - 1), initial=start))
    overrun = max(times[-1] - (shop.plan.closes_at - timedelta(seconds=1)), timedelta())
    return [time - overrun for time in times]


def _times_until(chance: Chance, end: datetime, count: int) -> list[datetime]:
    pauses = [-pause for pause in _pauses(chance, count - 1)]
    return list(accumulate(pauses, initial=end))[::-1]


def _pauses(chance: Chance, count: int) -> list[timedelta]:
    return [timedelta(seconds=round(chance.uniform(*PAUSE_SECONDS), 3)) for _ in range(count)]


def _visitor(chance: Chance, customer: CustomerRow | None, known_from: datetime) -> Visitor:
    landing = {"referrer": chance.one_of(REFERRERS)}
    if chance.happens(CAMPAIGN_SHARE):
        campaign = {"utm_source": "newsletter", "utm_medium": "email"}
        landing |= {**campaign, "utm_campaign": chance.choice(CAMPAIGNS)}
    return Visitor(
        customer=customer,
        known_from=known_from,
        session_id=f"s_{chance.getrandbits(96):024x}",
        ip_address=_address(chance),
        user_agent=chance.one_of(USER_AGENTS),
        landing={key: value for key, value in landing.items() if value},
    )


def _address(chance: Chance) -> str:
    """An address of a range that no machine on the Internet has (RFC 2544, RFC 3849)."""
    if chance.happens(IPV6_SHARE):
        return f"2001:db8:{chance.randrange(1, 65536):x}::{chance.randrange(1, 65536):x}"
    return f"198.{chance.randrange(18, 20)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"


def _events(
    chance: Chance,
    shop: Shop,
    visitor: Visitor,
    interest: Interest,
    steps: Iterator[tuple[str, datetime]],
) -> Iterator[EventRow]:
    base = f"https://{shop.tenant.slug}.example.com"
    for number, (event_type, at) in enumerate(steps):
        is_known = visitor.customer is not None and at >= visitor.known_from
        details = _details(chance, event_type, interest)
        yield EventRow(
            id=chance.uuid(),
            tenant_id=shop.tenant.id,
            customer_id=visitor.customer.id if is_known else None,
            event_type=event_type,
            event_data={
                "url": base + details.pop("path"),
                **details,
                **(visitor.landing if number == 0 else {}),
            },
            session_id=visitor.session_id,
            ip_address=visitor.ip_address,
            user_agent=visitor.user_agent,
            created_at=at,
        )


def _details(chance: Chance, event_type: str, interest: Interest) -> Json:
    """What the event says besides its address; `path` is the page."""
    product, value = {"product_id": str(interest.product_id)}, float(interest.cart_value)
    category = chance.choice(list(CATEGORIES))
    term = chance.choice(CATEGORIES[category].words).lower()
    listing = f"/{category.lower()}"
    return {
        "page_view": {"path": chance.choice(("/", listing, "/offers"))},
        "search": {"path": f"/search?q={term}", "search_term": term},
        "click": {"path": listing, "element": chance.choice(("banner", "menu", "tile"))},
        "product_view": {"path": f"/products/{interest.product_id}", **product},
        "add_to_cart": {"path": "/cart", **product, "quantity": 1, "cart_value": value},
        "checkout": {"path": "/checkout", "cart_value": value},
        "purchase": {
            "path": "/checkout/complete",
            "order_id": str(interest.order_id),
            "cart_value": value,
        },
    }[event_type]
