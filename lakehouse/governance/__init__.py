"""Who may see which rows and columns: one policy, from the contracts, the marts and the registry.

Lake Formation gets it as `terraform/generated/access_policy.json`, the embedded query path
compiles it whenever a connection is opened. Neither Spark nor Terraform is needed.
"""

from lakehouse.governance.errors import AccessDeniedError, PolicyError, RegistryError
from lakehouse.governance.policy import Access, Policy, Relation, compile_policy
from lakehouse.governance.registry import Registry, Tenant, read_registry

__all__ = [
    "Access",
    "AccessDeniedError",
    "Policy",
    "PolicyError",
    "Registry",
    "RegistryError",
    "Relation",
    "Tenant",
    "compile_policy",
    "read_registry",
]
