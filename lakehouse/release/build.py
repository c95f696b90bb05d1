"""Everything that a release puts into the scripts bucket for the Glue jobs.

python -m lakehouse.release.build dist
"""

import shutil
import subprocess
import sys
from pathlib import Path

from lakehouse.errors import LakehouseError
from lakehouse.release.dependencies import write_archive
from lakehouse.release.jars import fetch_hudi_aws
from lakehouse.state import REPOSITORY, current_state

SECONDS = 300
LEFT_BY_SETUPTOOLS = REPOSITORY / "build"


def build_release(folder: Path) -> Path:
    """Write wheel, entry script, dependencies and jars into an empty folder; returns it.

    Raises LakehouseError when the wheel cannot be built, PrerequisiteError when a jar cannot be
    had.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(LEFT_BY_SETUPTOOLS, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(folder), str(REPOSITORY)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    shutil.rmtree(LEFT_BY_SETUPTOOLS, ignore_errors=True)
    if done.returncode != 0:
        raise LakehouseError(f"the wheel could not be built:\n{done.stderr.strip()[-2000:]}")
    shutil.copy(REPOSITORY / "spark_bronze_to_silver" / "job.py", folder)
    write_archive(folder)
    shutil.copy(fetch_hudi_aws(current_state()), folder)
    return folder


if __name__ == "__main__":
    build_release(Path(sys.argv[1]))
