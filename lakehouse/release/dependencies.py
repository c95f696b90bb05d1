"""The libraries that the Silver job needs and Glue 5.0 does not have, as one archive.

Glue puts it on the path of driver and workers (`--extra-py-files`), so a job that starts fetches
nothing from a package index. The versions are those of this environment, pinned in
`requirements/requirements.txt` and tested with. All are Python alone; PyYAML's optional C part is
left out.
"""

import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackagePath, distribution
from pathlib import Path

NAMES = ("phonenumbers", "user-agents", "ua-parser", "ua-parser-builtins", "PyYAML")
ARCHIVE = "dependencies.zip"
# Fixed, so that the same files make the same archive.
MOMENT = (1980, 1, 1, 0, 0, 0)


def write_archive(folder: Path) -> Path:
    """Write the archive into the folder; returns its path.

    Raises PackageNotFoundError when a library is not installed here.
    """
    path = folder / ARCHIVE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in NAMES:
            for file in sorted(_files(name)):
                content = Path(file.locate()).read_bytes()
                archive.writestr(zipfile.ZipInfo(str(file), MOMENT), content)
    return path


def _files(name: str) -> Iterator[PackagePath]:
    for file in distribution(name).files or ():
        is_outside = file.parts[0] in ("..", "/")
        if not is_outside and file.suffix not in (".so", ".pyc"):
            yield file


if __name__ == "__main__":
    print(write_archive(Path(sys.argv[1])))
