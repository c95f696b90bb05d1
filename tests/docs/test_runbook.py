"""Every alarm leads to an entry of the runbook."""

import re

from lakehouse.state import REPOSITORY

MONITORING = REPOSITORY / "terraform/modules/monitoring"
PIPELINE = REPOSITORY / "terraform/modules/orchestration/main.tf"


def anchors(text):
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}


def test_every_alarm_leads_to_an_entry_of_the_runbook():
    text = "\n".join(p.read_text() for p in [*MONITORING.glob("*.tf"), PIPELINE])
    named = set(re.findall(r'runbook\s*= "([a-z-]+)"', text))
    named |= set(re.findall(r"(?:RUNBOOK\.md|var\.runbook\})#([a-z-]+)", text))
    assert len(named) >= 7
    assert named <= anchors((REPOSITORY / "docs/RUNBOOK.md").read_text())
