"""Every alarm leads to an entry of the runbook, and the entry names its alarms."""

import re

from lakehouse.state import REPOSITORY

MONITORING = REPOSITORY / "terraform/modules/monitoring"
PIPELINE = REPOSITORY / "terraform/modules/orchestration/main.tf"
OF_THE_MAP = re.compile(
    r'^\s*(?:for \w+, \w+ in \S+ : )?"?([a-z-]+?)(?:-\$\{key\})?"? =>? \{\n'
    r'\s*description = .*runbook = "([a-z-]+)"',
    re.MULTILINE,
)
OF_A_RESOURCE = re.compile(
    r'alarm_name\s*= "\$\{var\.name\}-([a-z-]+?)(?:-\$\{each\.key\})?"\n'
    r'\s*alarm_description\s*= ".*\$\{var\.runbook\}#([a-z-]+)"'
)


def entries():
    """Text of each entry, by the anchor of its heading."""
    parts = re.split(r"^## (.+)$", (REPOSITORY / "docs/RUNBOOK.md").read_text(), flags=re.M)
    anchors = [re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in parts[1::2]]
    return dict(zip(anchors, parts[2::2], strict=True))


def test_every_message_leads_to_an_entry_of_the_runbook():
    text = "\n".join(p.read_text() for p in [*MONITORING.glob("*.tf"), PIPELINE])
    named = set(re.findall(r'runbook\s*= "([a-z-]+)"', text))
    named |= set(re.findall(r"(?:RUNBOOK\.md|var\.runbook\})#([a-z-]+)", text))
    assert len(named) >= 8
    assert named <= set(entries())


def test_every_alarm_is_named_in_its_entry():
    text = "\n".join(p.read_text() for p in MONITORING.glob("*.tf"))
    alarms = {**dict(OF_THE_MAP.findall(text)), **dict(OF_A_RESOURCE.findall(text))}
    written = len(re.findall(r"^\s*description = .*runbook = ", text, re.MULTILINE))
    assert len(alarms) == written + text.count("#rows-go-to-the-quarantine") >= 9
    assert {a for a, entry in alarms.items() if f"`{a}" not in entries()[entry]} == set()
