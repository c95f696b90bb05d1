"""Admin pages for support: every table, searchable, within the tenants that a person may see.

Money, identity and statuses are read-only; a status changes by an action, through the services.
"""

from . import billing, catalogue, orders, tenants, visitors

__all__ = ["billing", "catalogue", "orders", "tenants", "visitors"]
