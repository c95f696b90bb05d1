"""Finds a table's Bronze files, and tells which of them no commit has read yet.

The ledger of files read is part of the Hudi commit that wrote their rows, so the two cannot
disagree. Per folder it keeps a digest of its files; one of each file only for the table's own
folder and for the date folders that were written last, which keeps a commit small after years of
CDC files. When a closed folder's digest no longer matches (a file arrived days late), the whole
folder is read again: the merge makes that harmless.
"""

import base64
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import SparkSession

# Object keys as DMS writes them (AWS DMS user guide, "Using Amazon S3 as a target"): `LOAD` with a
# hexadecimal counter in the table's folder, or in one of a segment with parallel load; CDC files,
# with 9 or 10 digits after the dash, in a folder of the commit date in any form that
# DatePartitionSequence and DatePartitionDelimiter give, or in none.
SUFFIX = r"(?:\.parquet|\.csv|\.csv\.gz)"
LOAD_NAME = re.compile(rf"^(?:[^/._][^/]*/)?(?:SEGMENT[0-9]+_)?LOAD[0-9A-F]{{8}}{SUFFIX}$")
DATE_FOLDER = r"[0-9]{2,10}(?:[/_-][0-9]{2,4}){0,3}/"
CDC_NAME = re.compile(rf"^(?:{DATE_FOLDER})?[0-9]{{8}}-[0-9]{{9,10}}{SUFFIX}$")
OPEN_FOLDERS = 3


@dataclass(frozen=True, order=True)
class BronzeFile:
    """One file; name is relative to the table's folder. Size in bytes, modified in epoch ms.

    Size and time belong to its identity because DMS overwrites LOAD files on a reload.
    """

    name: str
    size: int
    modified: int

    @property
    def folder(self) -> str:
        """Date folder such as 2026/11/21; empty for full-load files."""
        return self.name.rpartition("/")[0]

    @property
    def identity(self) -> str:
        """What the ledger compares, by its digest."""
        return f"{self.name}:{self.size}:{self.modified}"


def list_bronze_files(spark: SparkSession, table_folder: str) -> list[BronzeFile]:
    """All full-load and CDC files below the table's folder, on any Hadoop file system.

    Empty when the folder does not exist: DMS makes none for a source table without rows.
    Files that do not have a name as DMS gives it (temporary files, markers) are left out.
    """
    jvm = spark._jvm
    root = jvm.org.apache.hadoop.fs.Path(table_folder)
    file_system = root.getFileSystem(spark._jsc.hadoopConfiguration())
    if not file_system.exists(root):
        return []
    prefix = file_system.resolvePath(root).toUri().getPath().rstrip("/") + "/"
    if file_system.getUri().getScheme() == "file":
        return local_bronze_files(Path(prefix))
    found, listing = [], file_system.listFiles(root, True)
    while listing.hasNext():
        status = listing.next()
        name = status.getPath().toUri().getPath().removeprefix(prefix)
        if is_bronze_name(name):
            found.append(BronzeFile(name, status.getLen(), status.getModificationTime()))
    return found


def local_bronze_files(folder: Path) -> list[BronzeFile]:
    """The same for a folder on a local disk, without Spark.

    Hadoop runs `ls` for each local file, to learn its permissions. That is slow, and it fails for
    a hidden file that gets its name meanwhile.
    """
    found = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if is_bronze_name(name):
            status = path.stat()
            found.append(BronzeFile(name, status.st_size, status.st_mtime_ns // 1_000_000))
    return found


def is_bronze_name(name: str) -> bool:
    """Whether DMS gives this name, relative to the table's folder, to a file with rows."""
    return bool(LOAD_NAME.match(name) or CDC_NAME.match(name))


@dataclass(frozen=True)
class Ledger:
    """Which files were read so far: digests of folders, and of single files in open folders."""

    digests: Mapping[str, str]
    files: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, files: Iterable[BronzeFile]) -> "Ledger":
        """The ledger after these files (all files of the table) were read."""
        folders = _by_folder(files)
        dated = sorted((max(f.modified for f in folders[d]), d) for d in folders if d)
        dated = [folder for _, folder in dated]
        keep = {"", *dated[-OPEN_FOLDERS:]}
        return cls(
            {folder: _digest(members) for folder, members in folders.items()},
            {f: frozenset(_digest([m]) for m in folders[f]) for f in keep if f in folders},
        )

    @classmethod
    def from_json(cls, text: str | None) -> "Ledger":
        """The ledger that `to_json` wrote; an empty one for None, or for one of an older form."""
        document = json.loads(text) if text else {}
        if "files" not in document:
            return cls({}, {})
        files = {folder: frozenset(listed.split()) for folder, listed in document["files"].items()}
        return cls(document["digests"], files)

    def to_json(self) -> str:
        """Compact JSON for the commit's metadata."""
        files = {folder: " ".join(sorted(listed)) for folder, listed in self.files.items()}
        return json.dumps({"digests": dict(self.digests), "files": files}, sort_keys=True)

    def unread(self, files: Iterable[BronzeFile]) -> list[BronzeFile]:
        """Those of the table's files that no commit has read, in name order."""
        fresh = []
        for folder, members in _by_folder(files).items():
            if self.digests.get(folder) != _digest(members):
                known = self.files.get(folder, frozenset())
                fresh += [m for m in members if _digest([m]) not in known]
        return sorted(fresh)


def _by_folder(files: Iterable[BronzeFile]) -> dict[str, list[BronzeFile]]:
    folders = defaultdict(list)
    for file in files:
        folders[file.folder].append(file)
    return folders


def _digest(members: Iterable[BronzeFile]) -> str:
    # 72 bits: among a million files two are alike in one of ten billion tables.
    text = "\n".join(sorted(m.identity for m in members))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:9]).decode()
