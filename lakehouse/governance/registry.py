"""The registry of tenants: who of them may query, and which Gold tables they may read.

One YAML file per environment, in one form (docs/decisions/0036): `tables` and `tenants`. The rules
are those of Terraform's module lake-formation, so that a file which one of them takes the other
does not refuse.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from contracts.yaml_files import read_yaml
from lakehouse.governance.errors import RegistryError

SLUG = re.compile(r"[a-z][a-z0-9-]{1,30}")
TENANT_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Tenant:
    """A registered tenant; id is that of core_tenant."""

    slug: str
    id: str


@dataclass(frozen=True)
class Registry:
    """Registered tenants by slug, and the Gold tables that they may read."""

    tables: tuple[str, ...]
    tenants: Mapping[str, Tenant]


def read_registry(path: Path) -> Registry:
    """The registry in that file. Raises RegistryError when it is missing or not to be trusted."""
    try:
        document = read_yaml(path)
        if set(document) != {"tables", "tenants"}:
            raise ValueError("it needs exactly tables and tenants")
        tables = tuple(_text(table) for table in document["tables"] or ())
        entries = document["tenants"] or {}
        tenants = {slug: Tenant(slug, _text(entry["id"])) for slug, entry in entries.items()}
    except FileNotFoundError as error:
        raise RegistryError(
            f"there is no registry of tenants at {path}, so nobody is let in; nothing was read. "
            "Register tenants: `lakehouse tenants --register SLUG`."
        ) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RegistryError(f"{path} cannot be read; nothing was read: {error}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RegistryError(f"{path} is malformed; nothing was read: {error}") from error
    _check(path, tenants)
    return Registry(tables, tenants)


def write_registry(path: Path, registry: Registry) -> None:
    """Replace the file."""
    document = {
        "tables": sorted(registry.tables),
        "tenants": {slug: {"id": t.id} for slug, t in sorted(registry.tenants.items())},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def _check(path: Path, tenants: Mapping[str, Tenant]) -> None:
    known: dict[str, str] = {}
    for slug, tenant in tenants.items():
        if not isinstance(slug, str) or not SLUG.fullmatch(slug):
            raise RegistryError(
                f"{path}: {slug!r} is no slug (2 to 31 lower-case letters, digits or hyphens); "
                "nothing was read"
            )
        if not TENANT_ID.fullmatch(tenant.id):
            raise RegistryError(
                f"{path}: the id of {slug} must be a lower-case UUID, as in core_tenant.id: it "
                "stands in the row filter; nothing was read"
            )
        if tenant.id in known:
            raise RegistryError(
                f"{path}: {slug} and {known[tenant.id]} have the same id, so one would read the "
                "other's rows; nothing was read"
            )
        known[tenant.id] = slug


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
