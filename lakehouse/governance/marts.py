"""The Gold tables and their columns, as dbt's YAML lists them."""

from pathlib import Path

import yaml

from contracts.yaml_files import read_yaml
from lakehouse.governance.errors import PolicyError
from lakehouse.state import REPOSITORY

MARTS_FOLDER = REPOSITORY / "dbt_project" / "models" / "marts"


def read_marts(folder: Path = MARTS_FOLDER) -> dict[str, tuple[str, ...]]:
    """Columns by mart. Raises PolicyError when a file cannot be read or there is none."""
    marts: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.rglob("*.yml")):
        try:
            models = read_yaml(path).get("models", [])
            marts |= {m["name"]: tuple(c["name"] for c in m.get("columns", ())) for m in models}
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
            raise PolicyError(f"{path} is not readable; nothing was read: {error}") from error
    described = {name: columns for name, columns in marts.items() if columns}
    if not described:
        raise PolicyError(f"no model with columns under {folder}; nothing was read")
    return described
