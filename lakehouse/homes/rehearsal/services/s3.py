"""S3: bucket policies that demand TLS, the check of a log bucket's policy.

The emulator speaks plain HTTP, while on AWS every request of ours uses TLS. moto refuses what a
Deny statement names without reading its condition, so a policy against requests without TLS would
close the bucket. Such a statement is taken as not matching. Not emulated: all other conditions.
"""

import json
from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker

from lakehouse.homes.rehearsal.services.extending import replaces

TRANSPORT = {"aws:SecureTransport", "s3:TlsVersion"}


@replaces(IAMPolicyStatement)
def is_action_permitted(original, self: IAMPolicyStatement, *arguments: Any, **named: Any):
    """A Deny of requests without TLS or with an old one concerns no request."""
    condition = self._statement.get("Condition") or {}
    keys = {key for test in condition.values() for key in test}
    if self._statement["Effect"] == "Deny" and keys and keys <= TRANSPORT:
        return PermissionResult.NEUTRAL
    return original(self, *arguments, **named)


def _log_permissions_enabled_policy(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    """Whether the log service may write; moto's own check fails on a principal "*"."""
    if not target_bucket.policy:
        return False
    return any(
        statement["Effect"] == "Allow"
        and isinstance(statement["Principal"], dict)
        and statement["Principal"].get("Service") == "logging.s3.amazonaws.com"
        for statement in json.loads(target_bucket.policy.decode())["Statement"]
    )


FakeBucket._log_permissions_enabled_policy = staticmethod(_log_permissions_enabled_policy)


def _dispose(self: FakeDeleteMarker, garbage: bool = False) -> None:
    """A delete marker holds no data; moto frees it as if it did, and fails."""


FakeDeleteMarker.dispose = _dispose
