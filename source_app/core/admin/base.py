"""What all pages have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from ..errors import CoreError
from .scope import visible_tenants

IDENTITY = ("id", "created_at", "updated_at")


class TenantFilter(admin.SimpleListFilter):
    """One of the tenants that the person may see; the built-in filter would list them all."""

    title, parameter_name = "tenant", "tenant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Ids and names."""
        return [(str(t.pk), t.name) for t in visible_tenants(request.user).order_by("name")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        """Rows of the chosen one."""
        chosen = {pk for pk, _ in self.lookup_choices} & {self.value()}
        return queryset.filter(tenant__in=chosen) if self.value() else queryset


class RowAdmin(admin.ModelAdmin):
    """Identity and money are shown and never edited; a save sets updated_at, as services do."""

    list_per_page = 50
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """Identity always; the tenant and all money once the row exists."""
        fields = self.model._meta.fields
        fixed = [field.name for field in fields if field.name in IDENTITY]
        if obj is not None:
            fixed += [f.name for f in fields if f.name == "tenant"]
            fixed += [f.name for f in fields if isinstance(f, models.DecimalField)]
        return list(dict.fromkeys([*fixed, *self.readonly_fields]))

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        """Save with the time of the change."""
        if change and hasattr(obj, "updated_at"):
            obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)


class TenantRowAdmin(RowAdmin):
    """Rows of the tenants that the person may see; related rows are found by search among them."""

    list_select_related = ("tenant",)
    list_filter = (TenantFilter,)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Rows of visible tenants; autocomplete and change pages go through here too."""
        return super().get_queryset(request).filter(tenant__in=visible_tenants(request.user))


class NeverAdded:
    """Rows that only the shop makes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class NeverDeleted:
    """Rows that stay: support cancels, it does not delete."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class NeverChanged:
    """Rows to look at."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


def apply_to_each(
    request: HttpRequest,
    rows: models.QuerySet,
    service: Callable[[Any], Any],
    done: str,
) -> None:
    """Run the service for each row; one that it refuses is reported, and stops no other."""
    count = 0
    for row in rows:
        try:
            service(row)
        except (CoreError, ValidationError) as error:
            messages.error(request, str(error))
        else:
            count += 1
    if count:
        messages.success(request, f"{count} {done}")
