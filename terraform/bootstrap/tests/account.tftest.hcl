mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_s3_bucket" {
    override_during = plan
    defaults        = { arn = "arn:aws:s3:::lakehouse-dev-state-123456789012" }
  }
  mock_resource "aws_kms_key" {
    override_during = plan
    defaults        = { arn = "arn:aws:kms:eu-central-1:123456789012:key/state" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    override_during = plan
    defaults        = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
}

variables {
  environment       = "dev"
  github_repository = "shop/lakehouse"
}

run "the_state_is_versioned_encrypted_and_closed" {
  command = plan

  assert {
    condition     = aws_s3_bucket.state.bucket == "lakehouse-dev-state-123456789012"
    error_message = "Two environments would share a bucket, or backend.hcl.example names another one."
  }

  assert {
    condition = (
      aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled" &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms" &&
      aws_kms_key.state.enable_key_rotation
    )
    error_message = "An old state is lost, or a state is not encrypted with a key of ours."
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy &&
      aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets
    )
    error_message = "The state could be made public."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.state.policy).Statement == [{
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::lakehouse-dev-state-123456789012", "arn:aws:s3:::lakehouse-dev-state-123456789012/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "The bucket takes requests without TLS, or its policy allows something."
  }
}

run "only_this_repositorys_workflows_take_the_roles" {
  command = plan

  assert {
    condition = {
      for name, role in aws_iam_role.workflow : name => jsondecode(role.assume_role_policy).Statement[0].Condition
      } == {
      plan = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:shop/lakehouse:pull_request"
        }
      }
      apply = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:shop/lakehouse:environment:dev"
        }
      }
    }
    error_message = "Another repository could take a role, or apply without the environment's approval."
  }

  assert {
    condition = { for name, attached in aws_iam_role_policy_attachment.workflow : name => attached.policy_arn } == {
      plan  = "arn:aws:iam::aws:policy/ReadOnlyAccess"
      apply = "arn:aws:iam::aws:policy/AdministratorAccess"
    }
    error_message = "A pull request's plan may do more than read."
  }

  assert {
    condition = jsonencode({
      for s in jsondecode(aws_iam_role_policy.plan_state[0].policy).Statement : s.Resource => sort(s.Action)
      }) == jsonencode({
      "arn:aws:s3:::lakehouse-dev-state-123456789012/*.tflock" = ["s3:DeleteObject", "s3:PutObject"]
      "arn:aws:kms:eu-central-1:123456789012:key/state"        = ["kms:Decrypt", "kms:GenerateDataKey"]
    })
    error_message = "A plan may write more than the lock."
  }
}

run "without_a_repository_there_is_no_role" {
  command = plan

  variables {
    github_repository = null
  }

  assert {
    condition = (
      length(aws_iam_role.workflow) == 0 && length(aws_iam_openid_connect_provider.github) == 0 && length(aws_iam_role_policy.plan_state) == 0
    )
    error_message = "Somebody's workflows may sign in, and nobody asked for it."
  }
}

run "rejects_what_is_no_environment_and_no_repository" {
  command = plan

  variables {
    environment       = "staging"
    github_repository = "https://github.com/shop/lakehouse"
  }

  expect_failures = [var.environment, var.github_repository]
}
