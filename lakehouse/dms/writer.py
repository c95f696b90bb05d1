"""Files that are complete and durable from the moment they have their name."""

import os
from pathlib import Path

HIDDEN_PREFIX, HIDDEN_SUFFIX = ".", ".tmp"


def hidden_path(path: Path) -> Path:
    """The name that a file has until it is complete; readers skip names with a leading dot."""
    return path.with_name(f"{HIDDEN_PREFIX}{path.name}{HIDDEN_SUFFIX}")


def shown_path(hidden: Path) -> Path:
    """The name that the hidden file will get."""
    return hidden.with_name(hidden.name.removeprefix(HIDDEN_PREFIX).removesuffix(HIDDEN_SUFFIX))


def publish(hidden: Path, bronze: Path) -> Path:
    """Give a hidden file its name, durably; returns the name. The rename is atomic."""
    path = shown_path(hidden)
    hidden.rename(path)
    # Any folder on the way may be new, and a folder's own name is kept by its parent.
    for folder in path.parents:
        sync(folder)
        if folder == bronze:
            break
    return path


def replace_text(path: Path, text: str) -> None:
    """Replace a small file durably: readers see the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = hidden_path(path)
    hidden.write_text(text, encoding="utf-8")
    sync(hidden)
    hidden.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Force a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
