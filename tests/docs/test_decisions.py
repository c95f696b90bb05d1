"""The index of decisions says what the decisions say of themselves."""

import re

from lakehouse.state import REPOSITORY

DECISIONS = REPOSITORY / "docs/decisions"
ROW = re.compile(r"^\| \[(\d{4})\]\((.+?)\) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def claims(status):
    """What a status says beyond "accepted": whether the thing is built, and whether rehearsed."""
    text = status.lower()
    return bool(re.search(r"(?<!not )\bbuilt\b", text)), "rehears" in text


def test_the_index_agrees_with_the_decisions():
    rows = ROW.findall((DECISIONS / "README.md").read_text())
    index = {name: (number, title, claims(status)) for number, name, title, status in rows}
    found = {}
    for path in DECISIONS.glob("[0-9]*.md"):
        heading, status = path.read_text().split("\n\n")[:2]
        assert status.startswith("Status: accepted"), path.name
        number, title = heading.removeprefix("# ").split(": ", 1)
        found[path.name] = (number, title, claims(status))
    assert index == found


def test_the_index_is_sorted_and_names_each_number_once():
    numbers = [row[0] for row in ROW.findall((DECISIONS / "README.md").read_text())]
    assert numbers == sorted(set(numbers))
