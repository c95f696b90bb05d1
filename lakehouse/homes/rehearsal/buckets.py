"""Files to and from the emulated S3."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

THREADS = 8


def upload_folder(
    s3: Any, folder: Path, bucket: str, prefix: str = "", *, only_new: bool = False
) -> int:
    """Copy every file below the folder, or those that are not there yet; how many."""
    there = set(keys_of(s3, bucket)) if only_new else set()
    files = {
        f"{prefix}{path.relative_to(folder)}": path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    wanted = [key for key in files if key not in there]
    _together(lambda key: s3.upload_file(str(files[key]), bucket, key), wanted)
    return len(wanted)


def keys_of(s3: Any, bucket: str) -> list[str]:
    """Keys of all objects."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def download_bucket(s3: Any, bucket: str, folder: Path) -> int:
    """Copy every object into the folder, a folder for each prefix; how many."""
    keys = keys_of(s3, bucket)
    for key in keys:
        target = folder / key
        (target if key.endswith("/") else target.parent).mkdir(parents=True, exist_ok=True)
    wanted = [key for key in keys if not key.endswith("/")]
    _together(lambda key: s3.download_file(bucket, key, str(folder / key)), wanted)
    return len(wanted)


def _together(act: Any, things: Iterable[Any]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(act, things))
