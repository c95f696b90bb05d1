"""Writes to tenants."""

from typing import Any

from ..models import Tenant
from .saving import save_changes


def tenant_update_settings(*, tenant: Tenant, **settings: Any) -> Tenant:
    """Set these settings; the others stay."""
    return save_changes(tenant, settings={**tenant.settings, **settings})
