"""The embedded home's registry of tenants: made by a person's word, with ids from the source."""

from collections.abc import Sequence
from contextlib import closing

import psycopg2

from lakehouse.governance.errors import RegistryError
from lakehouse.governance.registry import Registry, Tenant, read_registry, write_registry
from lakehouse.homes.embedded.governed import policy_of
from lakehouse.homes.embedded.home import EmbeddedHome


def tenants_in_source(home: EmbeddedHome) -> dict[str, Tenant]:
    """All tenants of the application by slug, registered or not. Raises SourceDatabaseError."""
    with closing(psycopg2.connect(home.dsn())) as connection, connection.cursor() as cursor:
        cursor.execute("select slug, id::text from core_tenant order by slug")
        return {slug: Tenant(slug, tenant_id) for slug, tenant_id in cursor.fetchall()}


def registered(home: EmbeddedHome) -> Registry:
    """The registry; an empty one, for all tables that tenants can be given, when there is none."""
    if home.state.tenants.exists():
        return read_registry(home.state.tenants)
    return Registry(tuple(sorted(policy_of(home.contracts).tenant_tables)), {})


def register(home: EmbeddedHome, slugs: Sequence[str]) -> Registry:
    """Add tenants to the registry, or give them the id that the source has now.

    Raises RegistryError for a slug that the source does not have; then nothing is changed.
    """
    known, registry = tenants_in_source(home), registered(home)
    if unknown := [slug for slug in slugs if slug not in known]:
        raise RegistryError(
            f"the source has no tenant {unknown[0]!r}; nothing was changed. "
            f"There are: {', '.join(known) or 'none'}"
        )
    added = {slug: known[slug] for slug in slugs}
    registry = Registry(registry.tables, {**registry.tenants, **added})
    write_registry(home.state.tenants, registry)
    return registry


def unregister(home: EmbeddedHome, slugs: Sequence[str]) -> Registry:
    """Take tenants out of the registry; their data stays. Raises RegistryError for others."""
    registry = registered(home)
    if unknown := [slug for slug in slugs if slug not in registry.tenants]:
        raise RegistryError(f"no tenant {unknown[0]!r} is registered; nothing was changed")
    left = {slug: t for slug, t in registry.tenants.items() if slug not in slugs}
    registry = Registry(registry.tables, left)
    write_registry(home.state.tenants, registry)
    return registry
