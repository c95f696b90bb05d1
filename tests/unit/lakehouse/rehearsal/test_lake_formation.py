"""Grants of the emulated Lake Formation, changed by many threads at once as Terraform does."""

import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from lakehouse.homes.rehearsal.services import lake_formation

GOLD = {"Database": {"Name": "gold"}}
PEOPLE = [{"DataLakePrincipalIdentifier": f"person {number}"} for number in range(1000)]


@pytest.fixture
def request_of_anybody():
    return SimpleNamespace(lakeformation_backend=SimpleNamespace(), current_account="1")


@pytest.fixture
def threads():
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    with ThreadPoolExecutor(8) as threads:
        yield threads
    sys.setswitchinterval(usual)


def test_what_many_threads_grant_and_revoke_stays_apart(request_of_anybody, threads):
    def of_everybody(change):
        def of_one(person):
            change(
                request_of_anybody,
                {"Principal": person, "Resource": GOLD, "Permissions": ["DESCRIBE"]},
            )

        list(threads.map(of_one, PEOPLE))

    def granted():
        listed = lake_formation.list_permissions(request_of_anybody, {})
        return [grant["Principal"] for grant in listed["PrincipalResourcePermissions"]]

    of_everybody(lake_formation.grant_permissions)
    assert sorted(granted(), key=str) == sorted(PEOPLE, key=str)
    of_everybody(lake_formation.revoke_permissions)
    assert granted() == []


def test_what_many_threads_grant_to_one_person_adds_up(request_of_anybody, threads):
    permissions = [f"P{number}" for number in range(1000)]

    def grant(permission):
        lake_formation.grant_permissions(
            request_of_anybody,
            {"Principal": PEOPLE[0], "Resource": GOLD, "Permissions": [permission]},
        )

    list(threads.map(grant, permissions))
    (held,) = lake_formation.list_permissions(request_of_anybody, {})[
        "PrincipalResourcePermissions"
    ]
    assert held["Permissions"] == sorted(permissions)
