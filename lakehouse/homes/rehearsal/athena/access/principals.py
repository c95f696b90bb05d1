"""Access key -> IAM principal."""

import re
from collections.abc import Mapping

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from lakehouse.homes.rehearsal.services.extending import ServiceError

PARTITION = "aws"
# The key of the account's root, which Terraform and the engine use in the emulator.
ROOT_KEY = "testing"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/")


def root_of(account: str) -> str:
    """ARN of the account's root; it may do everything."""
    return f"arn:{PARTITION}:iam::{account}:root"


def principal_of(headers: Mapping[str, str], account: str) -> str:
    """ARN of the role or user that signed a request.

    The emulator checks no signature: a key is believed. Raises UnrecognizedClientException for a
    key that STS or IAM never gave out.
    """
    found = _CREDENTIAL.search(headers.get("Authorization", ""))
    key = found[1] if found else ""
    if key == ROOT_KEY:
        return root_of(account)
    session = sts_backends[account][PARTITION].get_assumed_role_from_access_key(key)
    if session is not None:
        return session.role_arn
    user = iam_backends[account][PARTITION].get_user_from_access_key_id(key)
    if user is not None:
        return user.arn
    raise ServiceError(
        "UnrecognizedClientException", "The security token included in the request is invalid."
    )
