"""Tenants: settings changed, trial shops opened, closed and opened again."""

from collections.abc import Iterator

from django.db import transaction

from ... import services
from ...errors import NothingToChangeError
from ...models import Tenant
from ..shop import Change, Shop, changed
from .customers import register
from .products import launch_product

EARLY_ACCESS = "early_access"
SETTINGS = {
    "plan": "starter",
    "tier": "small",
    "currency": "USD",
    "country": "US",
    "tax_percent": 8,
    "features": ["analytics"],
    "on_trial": True,
}


def change_settings(shop: Shop) -> list[Change]:
    """A feature is switched on or off."""
    features = set(shop.tenant.settings.get("features", [])) ^ {EARLY_ACCESS}
    services.tenant_update_settings(tenant=shop.tenant, features=sorted(features))
    return [changed("tenant settings changed", shop.tenant, f"features {sorted(features)}")]


@transaction.atomic
def open_tenant(shop: Shop) -> list[Change]:
    """Another company tries the product: a tenant with its first products and customers."""
    key = shop.ids.uuid()
    tenant = services.tenant_create(
        name=f"Trial Shop {key.hex[:12]}",
        slug=f"trial-{key.hex[:12]}",
        settings=SETTINGS,
        tenant_id=key,
    )
    theirs = Shop(tenant, shop.chance, shop.ids)
    first = [*launch_product(theirs), *launch_product(theirs), *register(theirs)]
    return [changed("tenant opened", tenant, tenant.slug), *first]


def close_tenant(shop: Shop) -> list[Change]:
    """A tenant on trial leaves: all its rows are deleted."""
    tenant = _on_trial(shop)
    row_id = tenant.pk
    services.tenant_erase(tenant=tenant)
    return [Change("tenant deleted with everything", "core_tenant", row_id, tenant.slug)]


def reopen_tenant(shop: Shop) -> Iterator[Change]:
    """A tenant on trial leaves and comes back under its id: two transactions."""
    tenant = _on_trial(shop)
    row_id = tenant.pk
    services.tenant_erase(tenant=tenant)
    yield Change("tenant deleted with everything", "core_tenant", row_id, tenant.slug)
    tenant = services.tenant_create(
        name=tenant.name, slug=tenant.slug, settings=tenant.settings, tenant_id=row_id
    )
    yield changed("tenant re-created, next transaction", tenant, tenant.slug)


def _on_trial(shop: Shop) -> Tenant:
    """The tenant on trial that follows a random id; never one that was seeded."""
    on_trial = Tenant.objects.filter(settings__on_trial=True).order_by("pk")
    tenant = on_trial.filter(pk__gte=shop.chance.uuid()).first() or on_trial.first()
    if tenant is None:
        raise NothingToChangeError("there is no tenant on trial; nothing was changed")
    return tenant
