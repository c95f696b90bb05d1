"""What the documents name is there: commands, targets, files, tests and links."""

import re
from pathlib import Path

import pytest
import typer

from lakehouse.cli import app, commands
from lakehouse.state import REPOSITORY

DOCUMENTS = [
    *REPOSITORY.glob("*.md"),
    *(REPOSITORY / "docs").rglob("*.md"),
    *(REPOSITORY / "contracts").glob("*.md"),
    *(REPOSITORY / "terraform").glob("*.md"),
]
# A path of the repository in backticks: starts with one of its folders.
FOLDERS = "contracts|docs|lakehouse|source_app|spark_bronze_to_silver|dbt_project|terraform|tests"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]+)`")


@pytest.fixture(scope="module")
def subcommands():
    commands.register(app)
    return set(typer.main.get_command(app).commands)


@pytest.fixture(scope="module")
def targets():
    makefile = (REPOSITORY / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):", makefile, flags=re.M))


def by_name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_command_exists(document, subcommands, targets):
    text = document.read_text()
    # In code only: a command stands in backticks or at the start of an indented line.
    named = re.findall(r"(?:`|^ {4}(?:\.venv/bin/)?)lakehouse ([a-z][a-z-]*)", text, flags=re.M)
    assert set(named) <= subcommands
    assert set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", text, flags=re.M)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_path_and_link_leads_somewhere(document):
    text = document.read_text()
    paths = [REPOSITORY / path for path in PATH.findall(text)]
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    missing = [p for p in [*paths, *(document.parent / link for link in links)] if not p.exists()]
    assert missing == []


def test_every_test_that_the_traps_name_exists():
    tests = "\n".join(p.read_text() for p in (REPOSITORY / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", (REPOSITORY / "docs" / "TRAPS.md").read_text()))
    assert {name for name in named if f"def {name}(" not in tests} == set()


def test_every_subcommand_is_in_the_documents(subcommands):
    text = "\n".join(d.read_text() for d in DOCUMENTS)
    assert {
        c for c in subcommands if f"lakehouse {c}" not in text and f"make {c}" not in text
    } == set()
