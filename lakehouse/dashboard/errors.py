"""Errors of the dashboard.

LakehouseError
└── DashboardError    the dashboard cannot start, or cannot show what was asked for
"""

from lakehouse.errors import LakehouseError


class DashboardError(LakehouseError):
    """The dashboard cannot start, or cannot show what was asked for."""
