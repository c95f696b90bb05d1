"""Access key -> IAM principal."""

import re
from collections.abc import Mapping

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from lakehouse.homes.rehearsal.engine.settings import ENGINE_KEY
from lakehouse.homes.rehearsal.services.extending import ServiceError

PARTITION = "aws"
# The key of the account's root, which Terraform and the engine use in the emulator.
ROOT_KEY = "testing"
# In the header of a signed request, or in the address of a presigned one.
_CREDENTIAL = re.compile(r"Credential=([^/,%\s]+)(?:/|%2F)")


def root_of(account: str) -> str:
    """ARN of the account's root; it may do everything."""
    return f"arn:{PARTITION}:iam::{account}:root"


def principal_of(headers: Mapping[str, str], account: str, address: str = "") -> str:
    """ARN of the role or user that signed a request; the engine counts as root.

    The emulator checks no signature: a key is believed. Raises UnrecognizedClientException for a
    key that STS or IAM never gave out.
    """
    found = _CREDENTIAL.search(headers.get("Authorization", "") or address)
    key = found[1] if found else ""
    if key in (ROOT_KEY, ENGINE_KEY):
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
