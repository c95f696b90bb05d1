"""Who signed a request, and what that role's own policies allow."""

import json

import pytest
from moto.core.exceptions import JsonRESTError
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from lakehouse.homes.rehearsal.identity.policies import permits
from lakehouse.homes.rehearsal.identity.principals import principal_of, root_of

ACCOUNT = "444444444444"
BUCKET = "arn:aws:s3:::results"


@pytest.fixture
def role():
    backend = iam_backends[ACCOUNT]["aws"]
    backend.reset()
    return backend.create_role("tenant", "{}", "/", None, "", [], 3600)


def allow(role, *statements):
    role.policies["query"] = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(action, resource, effect="Allow", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def header(key):
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20261121/eu-central-1/s3/aws4_request"
    }


def test_the_key_of_a_session_is_its_role(role):
    session = sts_backends[ACCOUNT]["aws"].assume_role(
        region_name="eu-central-1",
        role_session_name="s",
        role_arn=role.arn,
        policy="",
        duration=3600,
        external_id="",
    )
    assert principal_of(header(session.access_key_id), ACCOUNT) == role.arn
    address = f"http://x/?X-Amz-Credential={session.access_key_id}%2F20261121"
    assert principal_of({}, ACCOUNT, address) == role.arn
    assert principal_of(header("testing"), ACCOUNT) == root_of(ACCOUNT)


@pytest.mark.parametrize("headers", [{}, header("AKIAIOSFODNN7EXAMPLE"), header("test")])
def test_a_key_that_was_never_given_out_is_nobody(headers):
    with pytest.raises(JsonRESTError, match="security token"):
        principal_of(headers, ACCOUNT)


def test_what_no_policy_names_is_refused(role):
    allow(role, statement(["s3:GetObject", "s3:Put*"], f"{BUCKET}/mine/*"))
    assert permits(ACCOUNT, role.arn, "s3:GetObject", f"{BUCKET}/mine/a")
    assert permits(ACCOUNT, role.arn, "s3:PutObject", f"{BUCKET}/mine/a")
    assert not permits(ACCOUNT, role.arn, "s3:DeleteObject", f"{BUCKET}/mine/a")
    assert not permits(ACCOUNT, role.arn, "s3:GetObject", f"{BUCKET}/yours/a")
    assert not permits(ACCOUNT, "arn:aws:iam::444444444444:role/gone", "s3:GetObject", "x")
    assert permits(ACCOUNT, root_of(ACCOUNT), "s3:DeleteBucket", BUCKET)


def test_an_attached_policy_counts_in_its_default_version(role):
    backend = iam_backends[ACCOUNT]["aws"]
    document = {"Version": "2012-10-17", "Statement": [statement("s3:GetObject", "*")]}
    text = json.dumps(document)
    policy = backend.create_policy("", "/", text, "read", {})
    backend.attach_role_policy(policy.arn, role.name)
    assert permits(ACCOUNT, role.arn, "s3:GetObject", f"{BUCKET}/a")
    backend.create_policy_version(policy.arn, text.replace("Get", "Put"), "true")
    assert not permits(ACCOUNT, role.arn, "s3:GetObject", f"{BUCKET}/a")
    assert permits(ACCOUNT, role.arn, "s3:PutObject", f"{BUCKET}/a")


def test_a_denial_wins(role):
    allow(role, statement("s3:*", "*"), statement("s3:*", f"{BUCKET}/secret/*", "Deny"))
    assert permits(ACCOUNT, role.arn, "s3:GetObject", f"{BUCKET}/open")
    assert not permits(ACCOUNT, role.arn, "s3:GetObject", f"{BUCKET}/secret/a")


def test_a_condition_has_to_hold_and_one_that_is_not_known_never_helps(role):
    prefix = {"StringLike": {"s3:prefix": "mine/*"}}
    allow(role, statement("s3:ListBucket", BUCKET, Condition=prefix))
    assert permits(ACCOUNT, role.arn, "s3:ListBucket", BUCKET, {"s3:prefix": "mine/x"})
    assert not permits(ACCOUNT, role.arn, "s3:ListBucket", BUCKET, {"s3:prefix": ""})

    odd = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    allow(role, statement("s3:*", "*", Condition=odd))
    assert not permits(ACCOUNT, role.arn, "s3:ListBucket", BUCKET)
    allow(role, statement("s3:*", "*"), statement("s3:*", "*", "Deny", Condition=odd))
    assert not permits(ACCOUNT, role.arn, "s3:ListBucket", BUCKET)
