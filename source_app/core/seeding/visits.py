"""What visitors of a tenant's shop do: sessions of events along the funnel, some anonymous.

A session that ends in a purchase belongs to an order: its last event has the order's moment.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, islice
from typing import NamedTuple
from uuid import UUID

from .customers import Buyers
from .draw import Chance, Sampling, Shelf, Weights
from .orders import Purchase
from .products import Good
from .rows import EventRow, Json
from .shops import Shop
from .timeline import DAY, at_some_hour, between, midnight
from .vocabulary import CAMPAIGNS, CATEGORIES, REFERRERS, USER_AGENTS

# Sessions that buy, per event of the tenant. With the lengths of the other sessions, 30 % of the
# sessions that see a product end in a purchase.
BUYING_SESSIONS_PER_EVENT = 0.0385
# How far the sessions that buy nothing get.
FURTHEST = Weights(
    {"bounce": 30, "browse": 25, "product_view": 27, "add_to_cart": 12, "checkout": 6}
)
FUNNEL = ("product_view", "add_to_cart", "checkout", "purchase")
IDENTIFIED, LOGIN_AT_CHECKOUT = 0.6, 0.25
SEARCHES, CLICKS, CAMPAIGN_SHARE = 0.35, 0.25, 0.2
PAUSE_SECONDS = (4, 110)
IPV6_SHARE = 0.1
PLACES, ELEMENTS = ("/", None, "/offers"), ("banner", "menu", "tile")
CATEGORY_NAMES = tuple(CATEGORIES)


class Interest(NamedTuple):
    """What a session is about; without an order it is only looked at. Value in cents."""

    product_id: UUID
    cart_value: int
    order_id: UUID | None = None


@dataclass(frozen=True)
class Visitor:
    """Who comes, and from where; the customer is known from `known_from` on."""

    customer_id: UUID | None
    known_from: datetime
    session_id: str
    ip_address: str
    user_agent: str
    landing: Json


def tracking(shop: Shop, total: int) -> Sampling:
    """Which of `total` purchases have a session; the others came another way.

    In life: by phone, or in a browser that lets nobody count.
    """
    chance = shop.chance("tracking", shop.numbers.events)
    wanted = round(shop.volumes.events * BUYING_SESSIONS_PER_EVENT)
    return Sampling(chance, wanted=wanted, total=total)


def make_events(
    shop: Shop, buyers: Buyers, goods: Shelf[Good], purchases: Sequence[Purchase]
) -> Iterator[EventRow]:
    """The tenant's events day by day; the purchases, oldest first, must be after it opened.

    The last session stops when the volume is reached.
    """
    return islice(_all_days(shop, buyers, goods, purchases), shop.volumes.events)


def _all_days(
    shop: Shop, buyers: Buyers, goods: Shelf[Good], purchases: Sequence[Purchase]
) -> Iterator[EventRow]:
    chance = shop.chance("events", shop.numbers.events)
    wanted, made, sold = 0, 0, 0
    for day, quota in shop.timeline.days(shop.volumes.events, shop.opens_at):
        wanted += quota
        tomorrow = midnight(day + DAY)
        while sold < len(purchases) and purchases[sold].at < tomorrow:
            for event in _buying_session(chance, shop, purchases[sold]):
                made += 1
                yield event
            sold += 1
        while made < wanted:
            for event in _other_session(chance, shop, day, buyers, goods):
                made += 1
                yield event


def _buying_session(chance: Chance, shop: Shop, purchase: Purchase) -> Iterator[EventRow]:
    steps = _steps(chance, "purchase")
    times = _times_until(chance, purchase.at, len(steps))
    login = times[-2] if chance.happens(LOGIN_AT_CHECKOUT) else times[0]
    known_from = max(login, purchase.customer_since)
    visitor = _visitor(chance, purchase.customer_id, known_from)
    interest = Interest(purchase.product_id, purchase.total, purchase.order_id)
    return _events(chance, shop, visitor, interest, zip(steps, times, strict=True))


def _other_session(
    chance: Chance, shop: Shop, day: date, buyers: Buyers, goods: Shelf[Good]
) -> Iterator[EventRow]:
    steps = _steps(chance, chance.one_of(FURTHEST))
    times = _times_from(chance, shop, day, len(steps))
    start = times[0]
    customer_id = buyers.pick(chance, start).id if chance.happens(IDENTIFIED) else None
    good = goods.pick(chance, start)
    visitor = _visitor(chance, customer_id, start)
    interest = Interest(good.id, good.price * chance.randint(1, 3))
    return _events(chance, shop, visitor, interest, zip(steps, times, strict=True))


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


def _times_from(chance: Chance, shop: Shop, day: date, count: int) -> list[datetime]:
    start = at_some_hour(chance, day)
    if start <= shop.opens_at:
        start = between(chance, shop.opens_at, midnight(day + DAY))
    times = list(accumulate(_pauses(chance, count - 1), initial=start))
    overrun = max(times[-1] - (shop.history.closes_at - timedelta(seconds=1)), timedelta())
    return [time - overrun for time in times] if overrun else times


def _times_until(chance: Chance, end: datetime, count: int) -> list[datetime]:
    pauses = [-pause for pause in _pauses(chance, count - 1)]
    return list(accumulate(pauses, initial=end))[::-1]


def _pauses(chance: Chance, count: int) -> list[timedelta]:
    shortest, longest = PAUSE_SECONDS
    width = longest - shortest
    return [
        timedelta(milliseconds=int((shortest + width * chance.random()) * 1000))
        for _ in range(count)
    ]


def _visitor(chance: Chance, customer_id: UUID | None, known_from: datetime) -> Visitor:
    referrer = chance.one_of(REFERRERS)
    landing = {"referrer": referrer} if referrer else {}
    if chance.happens(CAMPAIGN_SHARE):
        landing |= {
            "utm_source": "newsletter",
            "utm_medium": "email",
            "utm_campaign": chance.choice(CAMPAIGNS),
        }
    return Visitor(
        customer_id=customer_id,
        known_from=known_from,
        session_id=f"s_{chance.getrandbits(96):024x}",
        ip_address=_address(chance),
        user_agent=chance.one_of(USER_AGENTS),
        landing=landing,
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
    landing = visitor.landing
    for event_type, at in steps:
        yield EventRow(
            id=chance.uuid(),
            tenant_id=shop.tenant.id,
            customer_id=visitor.customer_id if at >= visitor.known_from else None,
            event_type=event_type,
            event_data=DETAILS[event_type](chance, base, interest) | landing,
            session_id=visitor.session_id,
            ip_address=visitor.ip_address,
            user_agent=visitor.user_agent,
            created_at=at,
        )
        landing = {}


def _listing(chance: Chance) -> str:
    return f"/{chance.choice(CATEGORY_NAMES).lower()}"


def _page_view(chance: Chance, base: str, _: Interest) -> Json:
    return {"url": base + (chance.choice(PLACES) or _listing(chance))}


def _search(chance: Chance, base: str, _: Interest) -> Json:
    term = chance.choice(CATEGORIES[chance.choice(CATEGORY_NAMES)].words).lower()
    return {"url": f"{base}/search?q={term}", "search_term": term}


def _click(chance: Chance, base: str, _: Interest) -> Json:
    return {"url": base + _listing(chance), "element": chance.choice(ELEMENTS)}


def _product_view(_: Chance, base: str, interest: Interest) -> Json:
    product_id = str(interest.product_id)
    return {"url": f"{base}/products/{product_id}", "product_id": product_id}


def _add_to_cart(_: Chance, base: str, interest: Interest) -> Json:
    return {
        "url": f"{base}/cart",
        "product_id": str(interest.product_id),
        "quantity": 1,
        "cart_value": interest.cart_value / 100,
    }


def _checkout(_: Chance, base: str, interest: Interest) -> Json:
    return {"url": f"{base}/checkout", "cart_value": interest.cart_value / 100}


def _purchase(_: Chance, base: str, interest: Interest) -> Json:
    return {
        "url": f"{base}/checkout/complete",
        "order_id": str(interest.order_id),
        "cart_value": interest.cart_value / 100,
    }


DETAILS: dict[str, Callable[[Chance, str, Interest], Json]] = {
    "page_view": _page_view,
    "search": _search,
    "click": _click,
    "product_view": _product_view,
    "add_to_cart": _add_to_cart,
    "checkout": _checkout,
    "purchase": _purchase,
}
