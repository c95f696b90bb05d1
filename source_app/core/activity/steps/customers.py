"""Customers: they register, change, and leave with everything."""

from django.db import transaction
from django.utils import timezone

from ... import services
from ...models import Customer
from ...seeding.vocabulary import FIRST_NAMES, LAST_NAMES
from ..shop import Change, Shop, changed


def register(shop: Shop) -> list[Change]:
    """A new customer."""
    chance, key = shop.chance, shop.ids.uuid()
    customer = services.customer_create(
        tenant=shop.tenant,
        email=f"customer-{key.hex[:12]}@example.com",
        first_name=chance.choice(FIRST_NAMES),
        last_name=chance.choice(LAST_NAMES),
        phone=_phone(shop) if chance.happens(0.7) else None,
        metadata={
            "country": shop.tenant.settings.get("country", "US"),
            "age_band": chance.choice(("18-24", "25-34", "35-44", "45-54")),
            "acquisition_channel": chance.choice(("organic", "paid_search", "social")),
            "marketing_consent": chance.happens(0.6),
        },
        customer_id=key,
    )
    return [changed("customer registered", customer, customer.email)]


@transaction.atomic
def update_customer_twice(shop: Shop) -> list[Change]:
    """Two updates of one row in one transaction: they tie in commit time."""
    customer = shop.pick(shop.mine(Customer), "customer")
    metadata = {**customer.metadata, "last_contact": timezone.now().date().isoformat()}
    services.customer_update(customer=customer, metadata=metadata)
    services.customer_update(customer=customer, phone=_phone(shop))
    return [changed("customer updated twice, one transaction", customer, f"phone {customer.phone}")]


def toggle_customer(shop: Shop) -> list[Change]:
    """An account is closed, or opened again."""
    customer = shop.pick(shop.earlier(Customer), "customer")
    customer = services.customer_update(customer=customer, is_active=not customer.is_active)
    return [changed("customer closed or back", customer, f"is_active {customer.is_active}")]


def erase_customer(shop: Shop) -> list[Change]:
    """A customer leaves with invoices, subscriptions, orders and items; events stay, nameless."""
    customer = shop.pick(shop.earlier(Customer), "customer")
    row_id, email = customer.pk, customer.email
    services.customer_erase(customer=customer)
    return [Change("customer deleted with everything", "core_customer", row_id, email)]


def _phone(shop: Shop) -> str:
    """A number of a range that the regulator keeps for fiction."""
    return f"+1 212 555 0{shop.chance.randrange(100, 200)}"
