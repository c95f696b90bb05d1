"""What `make wheel` makes runs where nothing of this repository is."""

import os
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest

from contracts import load_contracts
from lakehouse.release.dependencies import write_archive
from lakehouse.state import REPOSITORY

pytestmark = pytest.mark.slow

OF_THE_WHEEL = ("contracts", "lakehouse", "spark_bronze_to_silver", "pyproject.toml", "README.md")
# What Glue 5.0 brings itself ("Python modules already provided in AWS Glue").
OF_GLUE = ("pyspark", "py4j", "pandas", "numpy", "pyarrow", "pytz", "python-dateutil", "six")


def run(*command, **options):
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, timeout=240, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    """The release, made of a copy of the committed packages."""
    root = tmp_path_factory.mktemp("release")
    source, dist = root / "source", root / "dist"
    listed = run("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=REPOSITORY).split("\0")
    for name in filter(None, listed):
        folder = name.split("/")[0]
        if folder in (
            "contracts",
            "lakehouse",
            "spark_bronze_to_silver",
            "pyproject.toml",
            "README.md",
        ):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((REPOSITORY / name).read_bytes())
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    options = ("--quiet", "--no-deps", "--no-build-isolation")
    run(*pip, "wheel", *options, "--wheel-dir", dist, source)
    write_archive(dist)
    venv.create(root / "venv")
    (wheel,) = dist.glob("*.whl")
    run(*pip, "--python", root / "venv/bin/python", "install", "--quiet", "--no-deps", wheel)
    return root


@pytest.fixture(scope="module")
def on_glue(release):
    """Runs Python as Glue does: the wheel installed, the archive and Glue's own on the path."""
    own = release / "glue"
    own.mkdir()
    for name in OF_GLUE:
        found = distribution(name)
        for top in {file.parts[0] for file in found.files if ".." not in file.parts}:
            if not (own / top).exists() and top != "__pycache__":
                (own / top).symlink_to(Path(found.locate_file(top)))
    path = f"{release / 'dist' / 'dependencies.zip'}{os.pathsep}{own}"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path}

    def python(*arguments):
        command = (release / "venv/bin/python", "-B", *arguments)
        return run(*command, cwd=release, env=environment)

    return python


def test_the_entry_script_knows_its_arguments(release, on_glue):
    script = release / "dist" / "job.py"
    script.write_bytes((REPOSITORY / "spark_bronze_to_silver" / "job.py").read_bytes())
    assert "--quality-gate" in on_glue(script, "--JOB_NAME", "silver", "--help")


def test_the_wheel_holds_the_contracts_and_the_archive_the_libraries(on_glue, contracts):
    code = """
import contracts, phonenumbers, ua_parser, yaml
from spark_bronze_to_silver.tables import cleaner
from user_agents import parse
tables = contracts.load_contracts()
for name in tables:
    cleaner(name)
print(*tables, bool(contracts.derived_tables(tables.values())))
print(contracts.__file__, phonenumbers.__file__, yaml.__file__, ua_parser.__file__)
number = phonenumbers.parse("+49 30 901820")
print(phonenumbers.is_valid_number(number), parse("Mozilla/5.0 (iPhone)").device.family)
"""
    tables, files, answers = on_glue("-c", code).splitlines()
    assert tables.split() == [*load_contracts(), "True"]
    installed, *archived = files.split()
    assert "venv" in installed and all("dependencies.zip" in file for file in archived)
    assert answers == "True iPhone"
