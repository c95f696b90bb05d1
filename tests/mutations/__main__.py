"""`make mutations`: applies each mutation to a copy of the code and shows the test that notices it.

Arguments are parts of the names of the mutations to apply; without any, all are. Exit code 1 when
a mutation survives, or when a test fails without any.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lakehouse.state import REPOSITORY, STATE_VARIABLE, current_state
from tests.mutations.catalogue import MUTATIONS, Mutation

COPIED = ("contracts", "lakehouse", "spark_bronze_to_silver", "tests", "terraform/dms")


def main(*parts: str) -> int:
    """Run the tests on the code as it is, then each one on its mutation."""
    chosen = [m for m in MUTATIONS if not parts or any(part in m.name for part in parts)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        for name in COPIED:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(REPOSITORY / name, copy / name, ignore=ignored)
        shutil.copy(REPOSITORY / "pyproject.toml", copy)
        if not _passes(copy, *sorted({m.test for m in chosen})):
            print("a test fails without any mutation; nothing can be told")
            return 1
        survived = [m for m in chosen if not _is_noticed(copy, m)]
    print(f"{len(chosen) - len(survived)} of {len(chosen)} mutations are noticed")
    return int(bool(survived))


def _is_noticed(copy: Path, mutation: Mutation) -> bool:
    path = copy / mutation.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    noticed = not _passes(copy, mutation.test)
    path.write_text(text, encoding="utf-8")
    print(f"{'noticed ' if noticed else 'SURVIVED'}  {mutation.name}: {mutation.test}", flush=True)
    return noticed


def _passes(copy: Path, *tests: str) -> bool:
    """Whether all tests pass; raises when pytest could not run them."""
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    environment = {"PYTHONPATH": str(copy), STATE_VARIABLE: str(current_state().root)}
    done = subprocess.run(
        command,
        cwd=copy,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"pytest ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
