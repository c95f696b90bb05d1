"""Reads roles.yaml: what each role may read, before tables are known."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from contracts.yaml_files import read_yaml
from lakehouse.governance.errors import PolicyError

ROLES_FILE = Path(__file__).with_name("roles.yaml")
LAYERS = ("gold", "silver")
PLACEHOLDER = "{tenant_id}"


@dataclass(frozen=True)
class Role:
    """Layers that a role reads, and whether it sees personal columns."""

    name: str
    layers: tuple[str, ...]
    sees_personal: bool


@dataclass(frozen=True)
class Roles:
    """The people's roles by name, the role of a tenant's analysts, and the filter of its rows."""

    people: dict[str, Role]
    tenant_analyst: Role
    row_filter: str


def read_roles(path: Path = ROLES_FILE) -> Roles:
    """The roles. Raises PolicyError for anything that is not exactly what a role may say."""
    try:
        document = read_yaml(path)
        tenant = dict(document["tenant_analyst"])
        row_filter = tenant.pop("rows")
        people = {name: _role(name, spec) for name, spec in document["people"].items()}
        tenant_analyst = _role("tenant_analyst", tenant)
        unknown = set(document) - {"people", "tenant_analyst"}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyError(f"{path.name} cannot be read; nothing was read: {error}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PolicyError(f"{path.name} is malformed; nothing was read: {error}") from error
    if unknown:
        raise PolicyError(f"{path.name}: unknown entry {min(unknown)!r}; nothing was read")
    if not isinstance(row_filter, str) or PLACEHOLDER not in row_filter:
        raise PolicyError(
            f"{path.name}: rows of tenant_analyst must compare with {PLACEHOLDER}; nothing was read"
        )
    return Roles(people, tenant_analyst, row_filter)


def _role(name: str, spec: dict[str, Any]) -> Role:
    layers, personal = tuple(spec["layers"]), spec["personal"]
    unknown = [*(set(layers) - set(LAYERS)), *(set(spec) - {"layers", "personal"})]
    if unknown or personal not in ("shown", "hidden"):
        raise ValueError(f"role {name!r} says {unknown or personal!r}")
    return Role(name, layers, personal == "shown")
