"""What visitors do in a tenant's shop."""

from django.db import models

from ..managers import TenantQuerySet
from .base import TenantRow, created_at, one_of, same_tenant_key


class EventType(models.TextChoices):
    """The funnel is page_view, product_view, add_to_cart, checkout, purchase."""

    PAGE_VIEW = "page_view"
    PRODUCT_VIEW = "product_view"
    SEARCH = "search"
    CLICK = "click"
    ADD_TO_CART = "add_to_cart"
    CHECKOUT = "checkout"
    PURCHASE = "purchase"


class Event(TenantRow):
    """One step of a visit; never changed after it was written, so there is no updated_at."""

    customer = same_tenant_key("core.Customer", models.SET_NULL, null=True, blank=True)
    event_type = models.CharField(max_length=30, choices=EventType)
    event_data = models.JSONField(default=dict, blank=True)
    session_id = models.CharField(max_length=64)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.TextField(blank=True)
    created_at = created_at()

    objects = TenantQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["event_type"], name="event_event_type"),
            models.Index(fields=["session_id"], name="event_session_id"),
            models.Index(fields=["created_at"], name="event_created_at"),
            models.Index(fields=["tenant", "created_at"], name="event_tenant_created_at"),
        ]
        constraints = [one_of("core_event", "event_type", EventType)]

    def __str__(self) -> str:
        return f"{self.event_type} {self.session_id}"
