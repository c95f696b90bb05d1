"""Reads the project's YAML files."""

from pathlib import Path
from typing import Any

import yaml

# Written in C, ten times as fast; an interpreter without libyaml has only the other.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """The document in that file: plain values only.

    Raises OSError, UnicodeDecodeError or yaml.YAMLError; who calls knows what the file was for.
    """
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506
