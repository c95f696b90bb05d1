"""Errors of erasure. Each says how far it came; running the command again goes on.

LakehouseError
└── ErasureError     the person cannot be erased, or was found after it
"""

from lakehouse.errors import LakehouseError


class ErasureError(LakehouseError):
    """The person cannot be erased, or was found after it."""
