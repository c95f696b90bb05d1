"""What a role's own IAM policies allow, for the requests that isolation rests on: S3 and Athena.

moto checks no resources and no conditions of a policy. This is the part of IAM's evaluation that
the platform's policies use (IAM user guide, "Policy evaluation logic"): explicit denials win, an
allowance must name action, resource and hold its conditions. Not emulated: bucket and key policies
beside identity policies, boundaries, session policies, tags. A condition with a key that is not
known here never holds for an allowance, and always for a denial.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import iam_backends

from lakehouse.homes.rehearsal.identity.principals import PARTITION, root_of

LIKE = {"StringEquals", "StringLike", "ArnEquals", "ArnLike"}


def permits(
    account: str,
    principal: str,
    action: str,
    resource: str,
    context: Mapping[str, str] | None = None,
) -> bool:
    """Whether the principal's policies let it do that; the account's root may do everything."""
    if principal == root_of(account):
        return True
    matching = [
        statement["Effect"]
        for statement in _statements(account, principal)
        if _matches(statement, action, resource, context or {})
    ]
    return "Deny" not in matching and "Allow" in matching


def _statements(account: str, principal: str) -> Iterator[Mapping[str, Any]]:
    backend = iam_backends[account][PARTITION]
    owner = next(
        (o for o in (*backend.roles.values(), *backend.users.values()) if o.arn == principal), None
    )
    if owner is None:
        return
    managed = (v for p in owner.managed_policies.values() for v in p.versions if v.is_default)
    for document in (*owner.policies.values(), *(version.document for version in managed)):
        yield from _read(document)


@functools.lru_cache(maxsize=1024)
def _read(document: str) -> tuple[Mapping[str, Any], ...]:
    """A policy's statements; each request asks for those of its principal again."""
    return tuple(_listed(json.loads(document)["Statement"]))


def _matches(
    statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]
) -> bool:
    if not ({"Action", "Resource"} <= set(statement)):
        # NotAction and NotResource: nothing of ours has them.
        return statement["Effect"] == "Deny"
    actions = (str(a).lower() for a in _listed(statement["Action"]))
    return (
        _any_like(action.lower(), actions)
        and _any_like(resource, _listed(statement["Resource"]))
        and _holds(statement, context)
    )


def _holds(statement: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    for operator, wanted in (statement.get("Condition") or {}).items():
        for key, values in wanted.items():
            if operator not in LIKE or key not in context:
                return statement["Effect"] == "Deny"
            if not _any_like(context[key], _listed(values)):
                return False
    return True


def _any_like(text: str, patterns: Iterable[str]) -> bool:
    # Square brackets mean themselves in IAM.
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
