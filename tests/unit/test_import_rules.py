"""Data flows one way through the packages; pyproject.toml states the rule."""

import subprocess
import sys
from pathlib import Path

from lakehouse.state import REPOSITORY


def test_the_import_rules_hold():
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([program], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_the_source_application_imports_nothing_of_ours():
    ours = ("contracts", "lakehouse", "spark_bronze_to_silver")
    for path in (REPOSITORY / "source_app").rglob("*.py"):
        for line in path.read_text().splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]):
                assert words[1].split(".")[0] not in ours, path


def test_nothing_imports_the_tests():
    for package in ("contracts", "lakehouse", "spark_bronze_to_silver", "source_app"):
        for path in (REPOSITORY / package).rglob("*.py"):
            assert "from tests" not in path.read_text(), path
