"""What the documents name is there: commands, options, targets, files, tables, metrics, links."""

import os
import re
import sys
from pathlib import Path

import django
import pytest
import typer
import yaml
from django.core.management import load_command_class

from contracts import derived_tables, load_contracts
from lakehouse.cli import app, commands
from lakehouse.state import REPOSITORY
from tests.docs.commands import commands_in

DOCUMENTS = [
    *REPOSITORY.glob("*.md"),
    *(REPOSITORY / "docs").rglob("*.md"),
    *(REPOSITORY / "contracts").glob("*.md"),
    *(REPOSITORY / "benchmarks").glob("*.md"),
    *(REPOSITORY / "terraform").glob("*.md"),
    *(REPOSITORY / "terraform/modules").glob("*/*.md"),
    REPOSITORY / "dbt_project/models/overview.md",
]
# A path of the repository in backticks: starts with one of its folders.
FOLDERS = "contracts|docs|lakehouse|source_app|spark_bronze_to_silver|dbt_project|terraform|tests"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]+)`")
MODELS = REPOSITORY / "dbt_project/models"
# Django's own, which the documents show too.
DJANGO = {"check", "migrate", "makemigrations", "runserver"}

every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY))
)


@pytest.fixture(scope="module")
def lakehouse():
    commands.register(app)
    return typer.main.get_command(app)


@pytest.fixture(scope="module")
def targets():
    makefile = (REPOSITORY / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):", makefile, flags=re.M))


@pytest.fixture(scope="module")
def django_on_path():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(REPOSITORY / "source_app"))
    django.setup()


def shown(document: Path, program: str) -> list[list[str]]:
    """The arguments with which the document shows that program."""
    found = list(commands_in(document.read_text()))
    return [words[1:] for words in found if words[0] == program]


@every_document
def test_every_command_and_option_exists(document, lakehouse):
    for arguments in shown(document, "lakehouse"):
        command, rest = lakehouse, list(arguments)
        while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
            assert rest[0] in command.commands, f"lakehouse {' '.join(arguments)}"
            command = command.commands[rest.pop(0)]
        assert unknown(command, rest) == [], f"lakehouse {' '.join(arguments)}"


def unknown(command, words: list[str]) -> list[str]:
    """Options that the command does not have, and words that it takes for nothing."""
    options = {name: p for p in command.params for name in (*p.opts, *p.secondary_opts)}
    takes_words = any(p.param_type_name == "argument" for p in command.params)
    found, rest = [], iter(words)
    for word in rest:
        if word in options:
            if not options[word].is_flag:
                next(rest, None)
        elif word != "--help" and (word.startswith("-") or not takes_words):
            found.append(word)
    return found


@every_document
def test_every_target_exists(document, targets):
    named = {w for words in shown(document, "make") for w in words if "=" not in w}
    assert named <= targets


@every_document
def test_every_command_of_the_application_exists(document, django_on_path):
    for script, name, *arguments in (a for a in shown(document, "python") if len(a) > 1):
        if script != "source_app/manage.py" or name in DJANGO or name.startswith("<"):
            continue
        parser = load_command_class("core", name).create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert {a for a in arguments if a.startswith("-")} <= known, name


def test_the_applications_page_lists_all_its_services_and_commands(django_on_path):
    from core import services

    folder = REPOSITORY / "source_app/core/management/commands"
    commands = {path.stem for path in folder.glob("[a-z]*.py")}
    functions = {name for name in services.__all__ if name.islower()}
    text = (REPOSITORY / "docs/API.md").read_text()
    assert names_in_first_cells(text, "function") == functions
    assert names_in_first_cells(text, "command") - DJANGO == commands


def names_in_first_cells(text: str, heading: str) -> set[str]:
    rows = text.split(f"\n| {heading} |")[1].split("\n\n")[0].splitlines()
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


@every_document
def test_every_path_and_link_leads_somewhere(document):
    text = document.read_text()
    paths = [REPOSITORY / path for path in PATH.findall(text)]
    paths += [REPOSITORY / w for a in shown(document, "pytest") for w in a if w.startswith("tests")]
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    missing = [p for p in [*paths, *(document.parent / link for link in links)] if not p.exists()]
    assert missing == []


@every_document
def test_every_link_into_a_document_leads_to_a_heading(document):
    links = re.findall(r"\]\(([^)#:]*)#([^)!]+)\)", document.read_text())
    for link, anchor in links:
        target = document.parent / link if link else document
        assert anchor in anchors(target.read_text()), f"{link}#{anchor}"


def test_the_overview_of_the_docs_site_leads_to_every_mart_and_query():
    """Addresses as dbt's docs site has them."""
    text = (MODELS / "overview.md").read_text()
    links = re.findall(r"\[(\w+)\]\(#!/(model|analysis)/\2\.lakehouse\.(\w+)\)", text)
    assert len(links) == text.count("#!/model") + text.count("#!/analysis")
    assert all(shown == name for shown, _, name in links)
    marts = {path.stem for path in (MODELS / "marts").rglob("*.sql")}
    queries = {path.stem for path in (REPOSITORY / "dbt_project/analyses").glob("*.sql")}
    assert {name for _, kind, name in links if kind == "model"} == marts
    assert {name for _, kind, name in links if kind == "analysis"} == queries


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to a document's headings."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings}


@pytest.fixture(scope="module")
def tables():
    contracts = load_contracts()
    derived = {table.name for table in derived_tables(contracts.values())}
    gold = {p.stem for p in (MODELS / "marts").rglob("*.sql")}
    return {"gold": gold, "silver": {*contracts, *derived}}


@every_document
def test_every_table_exists(document, tables):
    for layer, name in re.findall(r'\blakehouse_(gold|silver)\."?(\w+)', document.read_text()):
        assert name in tables[layer]


@pytest.fixture(scope="module")
def metrics():
    files = [yaml.safe_load(p.read_text()) for p in (MODELS / "semantic").glob("*.yml")]
    return {metric["name"] for file in files for metric in file["metrics"]}


@every_document
def test_every_metric_exists(document, metrics):
    for arguments in shown(document, "mf"):
        if "--metrics" in arguments:
            named = arguments[arguments.index("--metrics") + 1]
            assert set(named.split(",")) <= metrics


def test_every_test_that_the_traps_name_exists():
    tests = "\n".join(p.read_text() for p in (REPOSITORY / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", (REPOSITORY / "docs" / "TRAPS.md").read_text()))
    assert {name for name in named if f"def {name}(" not in tests} == set()


def test_every_subcommand_is_in_the_documents(lakehouse):
    text = "\n".join(d.read_text() for d in DOCUMENTS)
    assert {
        c for c in lakehouse.commands if f"lakehouse {c}" not in text and f"make {c}" not in text
    } == set()
