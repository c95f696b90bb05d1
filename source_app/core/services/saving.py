"""How every service saves: checked first, key and creation time untouched, change time set."""

from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from ..errors import ImmutableFieldError

IMMUTABLE = frozenset({"id", "pk", "tenant", "tenant_id", "created_at"})

Saved = TypeVar("Saved", bound=models.Model)


def save_new(row: Saved) -> Saved:
    """Insert the row. Raises ValidationError when it breaks a rule; nothing is written then."""
    row.full_clean()
    row.save(force_insert=True)
    return row


def save_changes(row: Saved, **changes: Any) -> Saved:
    """Update these fields and updated_at.

    Raises ImmutableFieldError for a field that never changes, ValidationError when the row would
    break a rule; nothing is written then.
    """
    forbidden = sorted(IMMUTABLE & changes.keys())
    if forbidden:
        raise ImmutableFieldError(
            f"{', '.join(forbidden)} of {row._meta.label} {row.pk} can't change; nothing was "
            "written; delete the row and create a new one"
        )
    changes["updated_at"] = timezone.now()
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=list(changes))
    return row
