"""Every policy that Terraform writes is asserted by a test of its module; needs no terraform."""

import re

import pytest

from lakehouse.state import REPOSITORY

TERRAFORM = REPOSITORY / "terraform"
FOLDERS = [*sorted((TERRAFORM / "modules").iterdir()), TERRAFORM / "bootstrap"]
RESOURCE = re.compile(r'^resource "(\w+)" "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
POLICY = re.compile(r"^  (policy|assume_role_policy|policy_arn)\s+=", re.MULTILINE)


def policies(folder):
    for path in folder.glob("*.tf"):
        for kind, name, body in RESOURCE.findall(path.read_text()):
            for attribute in POLICY.findall(body):
                yield f"{kind}.{name}", attribute


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_policy_is_asserted_by_its_modules_tests(folder):
    tests = "\n".join(path.read_text() for path in folder.glob("tests/*.tftest.hcl"))
    runs = re.split(r"^run ", tests, flags=re.MULTILINE)
    unasserted = {
        f"{resource}.{attribute}"
        for resource, attribute in policies(folder)
        if not any(resource in run and attribute in run for run in runs)
    }
    assert unasserted == set()


def test_there_are_policies_to_assert():
    assert sum(1 for folder in FOLDERS for _ in policies(folder)) >= 15
