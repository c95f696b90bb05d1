"""How every service saves: checked first, key and creation time untouched, change time set."""

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from ..errors import ImmutableFieldError

IMMUTABLE = frozenset({"id", "pk", "tenant", "tenant_id", "created_at"})

Saved = TypeVar("Saved", bound=models.Model)

# For services that write several rows. Inside a caller's transaction there is no savepoint of its
# own: one that fails takes the caller's transaction along, which spares two statements a call.
all_or_nothing = transaction.atomic(savepoint=False)

_rules_in_database = ContextVar("rules_in_database", default=False)


@contextmanager
def rules_checked_by_database() -> Iterator[None]:
    """Within it, services check a row's own values only and leave the rest to the database.

    Uniqueness, references and check constraints are refused by the server all the same, then as
    IntegrityError and not as ValidationError. It spares about ten queries a row, for callers that
    write many and need no message for a form.
    """
    token = _rules_in_database.set(True)
    try:
        yield
    finally:
        _rules_in_database.reset(token)


def save_new(row: Saved) -> Saved:
    """Insert the row. Raises ValidationError when it breaks a rule; nothing is written then."""
    _check(row)
    row.save(force_insert=True)
    return row


def save_all_new(rows: Sequence[Saved]) -> list[Saved]:
    """Insert rows of one table by one statement; as save_new for each."""
    for row in rows:
        _check(row)
    return type(rows[0])._default_manager.bulk_create(rows) if rows else []


def save_changes(row: Saved, **changes: Any) -> Saved:
    """Update these fields and updated_at.

    Raises ImmutableFieldError for a field that never changes, ValidationError when a new value or
    the row as a whole would break a rule; nothing is written then. A value that stays may be one
    that no form would take, such as an address of an old import.
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
    _check(row, unchanged={field.name for field in row._meta.fields} - changes.keys())
    row.save(update_fields=list(changes))
    return row


def _check(row: models.Model, unchanged: Set[str] = frozenset()) -> None:
    if _rules_in_database.get():
        relations = {field.name for field in row._meta.fields if field.is_relation}
        row.clean_fields(exclude={*unchanged, *relations})
    else:
        # full_clean(exclude) would also skip rules between a new value and one that stays.
        row.clean_fields(exclude=unchanged)
        row.clean()
        row.validate_unique()
        row.validate_constraints()
