"""S3: bucket policies that demand TLS, the check of a log bucket's policy, who may read and write.

The emulator speaks plain HTTP, while on AWS every request of ours uses TLS. moto refuses what a
Deny statement names without reading its condition, so a policy against requests without TLS would
close the bucket. Such a statement is taken as not matching. Not emulated: all other conditions of
bucket policies. Roles and users do what their own policies allow; the account's root does all.
"""

import json
from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3.exceptions import S3AccessDeniedError
from moto.s3.models import FakeBucket, FakeDeleteMarker
from moto.s3.responses import S3Response

from lakehouse.homes.rehearsal.identity.policies import permits
from lakehouse.homes.rehearsal.identity.principals import principal_of
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


# IAM's name of an action where it is not the operation's.
ACTIONS = {"HeadObject": "GetObject", "HeadBucket": "ListBucket", "ListObjects": "ListBucket"}


@replaces(S3Response)
def _authenticate_and_authorize_s3_action(
    original, self: S3Response, bucket_name: str | None = None, key_name: str | None = None
) -> None:
    """S3AccessDeniedError unless the policies of the role or user allow the request."""
    account = self.current_account
    principal = principal_of(self.headers, account, self.uri)
    name = self.data.get("Action", "")
    action = ACTIONS.get(name, name)
    # Several objects are deleted by one request that names the bucket.
    key = key_name or ("*" if action == "DeleteObject" else "")
    resource = f"arn:aws:s3:::{bucket_name or '*'}" + (f"/{key}" if key else "")
    prefix = (self.querystring.get("prefix") or [""])[0]
    if not permits(account, principal, f"s3:{action}", resource, {"s3:prefix": prefix}):
        raise S3AccessDeniedError()
