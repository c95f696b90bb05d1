"""Visits: what people do in the shop, who they turn out to be, and what they want forgotten."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.utils import timezone

from ... import services
from ...models import Customer, Event, EventType, Order, Product
from ...seeding.vocabulary import CATEGORIES
from ..shop import Change, Shop, changed

KNOWN = 0.6
PAUSE_SECONDS = (4, 110)
# Visits that one request of the tracker brings.
TRACKED_AT_ONCE = (1, 12)
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36",
)
# How far visits get that buy nothing, and how often.
LOOK, ADD, CHECK_OUT = EventType.PRODUCT_VIEW, EventType.ADD_TO_CART, EventType.CHECKOUT
FURTHEST = {None: 30, EventType.PAGE_VIEW: 25, LOOK: 27, ADD: 12, CHECK_OUT: 6}
FUNNEL = (LOOK, ADD, CHECK_OUT, EventType.PURCHASE)
SEARCHES, CLICKS = 0.35, 0.25


@dataclass(frozen=True)
class Interest:
    """The product of a visit, and the order when there is one."""

    product: Product
    order: Order | None = None


def visit(shop: Shop) -> list[Change]:
    """The tracker sends what a few visitors did who bought nothing; many are not logged in."""
    count = shop.chance.randint(*TRACKED_AT_ONCE)
    products = shop.pick_some(shop.mine(Product), count, "product")
    customers = shop.pick_some(shop.mine(Customer), count, "customer")
    seen = []
    for _ in range(count):
        (furthest,) = shop.chance.choices(list(FURTHEST), FURTHEST.values())
        customer = shop.chance.choice(customers) if shop.chance.happens(KNOWN) else None
        interest = Interest(shop.chance.choice(products))
        seen.append(_visit(shop, _path(shop, furthest), interest, customer))
    return _record(shop, seen)


def log_in(shop: Shop) -> list[Change]:
    """A visitor logs in: the events of the visit get their customer."""
    event = shop.pick(shop.earlier(Event).filter(customer=None), "anonymous event")
    customer = shop.pick(shop.mine(Customer), "customer")
    count = services.visit_identify(customer=customer, session_id=event.session_id)
    return [changed("visitor identified", event, f"{event.session_id}, {count} events")]


def forget_visit(shop: Shop) -> list[Change]:
    """A visitor wants a visit forgotten: its events are deleted."""
    event = shop.pick(shop.earlier(Event), "event")
    row_id, session_id = event.pk, event.session_id
    count = services.visit_forget(tenant=shop.tenant, session_id=session_id)
    return [Change("visit forgotten", "core_event", row_id, f"{session_id}, {count} events")]


def record_purchase(shop: Shop, order: Order, product: Product) -> list[Change]:
    """The visit that ends in this order."""
    path = _path(shop, EventType.PURCHASE)
    return _record(shop, [_visit(shop, path, Interest(product, order), order.customer)])


def record_cart(shop: Shop, customer: Customer, product: Product) -> list[Change]:
    """A visit of a known customer that stops with something in the cart."""
    return _record(shop, [_visit(shop, _path(shop, ADD), Interest(product), customer)])


def _path(shop: Shop, furthest: EventType | None) -> list[EventType]:
    """Event types of a visit that gets this far in the funnel; None leaves at once."""
    chance = shop.chance
    if furthest is None:
        return [EventType.PAGE_VIEW]
    path = [EventType.PAGE_VIEW] * chance.randint(1, 3)
    path += [EventType.SEARCH] * chance.happens(SEARCHES)
    path += [EventType.CLICK] * chance.happens(CLICKS)
    if furthest == EventType.PAGE_VIEW:
        return [*path, EventType.PAGE_VIEW]
    path += [LOOK] * chance.randint(1, 3)
    return path + list(FUNNEL[1 : FUNNEL.index(furthest) + 1])


def _visit(
    shop: Shop, path: list[EventType], interest: Interest, customer: Customer | None
) -> services.Visit:
    chance, now = shop.chance, timezone.now()
    pauses = [timedelta(seconds=round(chance.uniform(*PAUSE_SECONDS), 3)) for _ in path[1:]]
    times = list(accumulate(pauses, lambda at, pause: at - pause, initial=now))[::-1]
    return services.Visit(
        session_id=f"s_{shop.ids.getrandbits(96):024x}",
        actions=[
            services.Action(kind, _data(shop, kind, interest), at, shop.ids.uuid())
            for kind, at in zip(path, times, strict=True)
        ],
        customer=customer,
        ip_address=f"198.18.{chance.randrange(256)}.{chance.randrange(1, 255)}",
        user_agent=chance.choice(BROWSERS),
    )


def _record(shop: Shop, seen: list[services.Visit]) -> list[Change]:
    events = services.visits_record(tenant=shop.tenant, visits=seen)
    return [changed(f"event {event.event_type}", event, event.session_id) for event in events]


def _data(shop: Shop, kind: EventType, interest: Interest) -> dict[str, Any]:
    """What the event says; keys as the shop's tracker writes them."""
    product, order = interest.product, interest.order
    value = float(order.total if order else product.price)
    category = CATEGORIES[shop.chance.choice(list(CATEGORIES))]
    term = shop.chance.choice(category.words).lower()
    path, details = {
        EventType.PAGE_VIEW: ("/", {}),
        EventType.SEARCH: (f"/search?q={term}", {"search_term": term}),
        EventType.CLICK: ("/offers", {"element": "banner"}),
        EventType.PRODUCT_VIEW: (f"/products/{product.pk}", {"product_id": str(product.pk)}),
        EventType.ADD_TO_CART: (
            "/cart",
            {"product_id": str(product.pk), "quantity": 1, "cart_value": value},
        ),
        EventType.CHECKOUT: ("/checkout", {"cart_value": value}),
        EventType.PURCHASE: (
            "/checkout/complete",
            {"order_id": str(order.pk) if order else None, "cart_value": value},
        ),
    }[kind]
    return {"url": f"https://{shop.tenant.slug}.example.com{path}", **details}
