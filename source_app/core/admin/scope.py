"""Which tenants a staff member may see: all for a superuser, else those of the member's groups.

A group named `tenant:<slug>` opens that tenant. Who is in no such group sees no row of any.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from ..models import Tenant

GROUP_PREFIX = "tenant:"


def visible_tenants(user: AbstractBaseUser) -> models.QuerySet[Tenant]:
    """The tenants whose rows this person may see."""
    if user.is_superuser:
        return Tenant.objects.all()
    names = user.groups.filter(name__startswith=GROUP_PREFIX).values_list("name", flat=True)
    return Tenant.objects.filter(slug__in=[name.removeprefix(GROUP_PREFIX) for name in names])
