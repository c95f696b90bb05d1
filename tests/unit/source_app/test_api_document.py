"""docs/API.md names every model, service, option and variable that there is, and no other."""

import re
from pathlib import Path

from core import models, services
from core.management.commands.simulate_activity import Command
from django.core.management import get_commands

REPOSITORY = Path(__file__).resolve().parents[3]
DOCUMENT = (REPOSITORY / "docs" / "API.md").read_text()


def section(title: str) -> str:
    return re.search(rf"^##+ {title}\n(.*?)(?=^##|\Z)", DOCUMENT, re.DOTALL | re.MULTILINE)[1]


def test_every_model_and_its_table_is_described():
    described = set(re.findall(r"^\| `(\w+)` \| `(\w+)`", section("Models"), re.MULTILINE))
    classes = [getattr(models, name) for name in models.__all__]
    assert described == {(c.__name__, c._meta.db_table) for c in classes if hasattr(c, "_meta")}


def test_every_service_is_described():
    rows = "\n".join(re.findall(r"^\|.*", section("Writing: services"), re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", rows)) - {"with"} == set(services.__all__)


def test_every_option_of_simulate_activity_is_described():
    parser = Command().create_parser("manage.py", "simulate_activity")
    own = set(parser._option_string_actions) - set(
        type("Bare", (Command,), {"add_arguments": lambda self, parser: None})()
        .create_parser("manage.py", "bare")
        ._option_string_actions
    )
    rows = re.findall(r"^\| `(--[\w-]+)", section("simulate_activity"), re.MULTILINE)
    assert set(rows) == own


def test_every_command_that_is_described_exists():
    named = re.findall(r"^\| `(\w+)` \|", section("Commands"), re.MULTILINE)
    assert set(named) <= set(get_commands())
    assert "simulate_activity" in named


def test_every_file_of_the_containers_that_is_described_exists():
    rows = "\n".join(re.findall(r"^\|.*", section("Run it"), re.MULTILINE))
    files = re.findall(r"`((?:scripts|postgres|\.env)[\w./]*)`", rows)
    assert len(files) == 7
    assert all((REPOSITORY / "source_app" / name).exists() for name in files)
