"""Workflows for GitHub: what can be checked of them here, where they do not run."""

import re

import pytest
import yaml

from lakehouse.state import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))
of_each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


@of_each_workflow
def test_an_action_is_a_commit_and_not_a_tag_that_can_be_moved(path):
    used = re.findall(r"uses: (\S+)(.*)", path.read_text())
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), f"{action} says no version"


@of_each_workflow
def test_only_a_job_that_signs_in_to_aws_may_ask_for_a_token(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        signs_in = any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])
        assert (job.get("permissions", {}).get("id-token") == "write") == signs_in, name


def test_the_sources_password_is_for_the_approved_apply_only():
    jobs = yaml.safe_load((REPOSITORY / ".github/workflows/terraform.yml").read_text())["jobs"]
    holders = [name for name, job in jobs.items() if "secrets." in str(job)]
    assert holders == ["apply"]
    assert jobs["apply"]["environment"] == "${{ inputs.environment }}"


def test_checkov_is_the_one_that_the_readme_names():
    pin = r"checkov==\d+\.\d+\.\d+"
    readme = (REPOSITORY / "terraform/README.md").read_text()
    workflow = (REPOSITORY / ".github/workflows/test.yml").read_text()
    assert re.findall(pin, workflow) == re.findall(pin, readme) != []
