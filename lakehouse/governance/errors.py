"""Errors of the access policy; each of them means that nothing was read.

LakehouseError
├── PolicyError          roles.yaml, a contract or a mart's YAML does not make a policy
├── RegistryError        the registry of tenants cannot be read, or may not be trusted
└── AccessDeniedError    the policy does not let this principal do this
"""

from lakehouse.errors import LakehouseError


class PolicyError(LakehouseError):
    """roles.yaml, a contract or a mart's YAML does not make a policy."""


class RegistryError(LakehouseError):
    """The registry of tenants cannot be read, or may not be trusted."""


class AccessDeniedError(LakehouseError):
    """The policy does not let this principal do this."""
