mock_provider "aws" {}

variables {
  account_id  = "123456789012"
  kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  name        = "lakehouse-test"
  region      = "eu-central-1"
}

run "every_bucket_is_closed_versioned_and_keeps_data_on_destroy" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket.this) == 6 && alltrue([for b in values(aws_s3_bucket.this) : !b.force_destroy])
    error_message = "Six buckets, none of which destroy may empty."
  }

  assert {
    condition = alltrue([
      for block in values(aws_s3_bucket_public_access_block.this) :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ]) && length(aws_s3_bucket_public_access_block.this) == 6
    error_message = "A bucket can be made public."
  }

  assert {
    condition = alltrue([
      for versioning in values(aws_s3_bucket_versioning.this) : versioning.versioning_configuration[0].status == "Enabled"
    ])
    error_message = "A bucket is not versioned."
  }
}

run "every_bucket_refuses_requests_without_tls" {
  command = plan

  assert {
    condition = alltrue([
      for layer, name in local.names : anytrue([
        for s in jsondecode(aws_s3_bucket_policy.this[layer].policy).Statement :
        s.Effect == "Deny" && s.Principal == "*" && s.Action == "s3:*" &&
        try(s.Condition.Bool["aws:SecureTransport"], "") == "false" &&
        toset(flatten([s.Resource])) == toset(["arn:aws:s3:::${name}", "arn:aws:s3:::${name}/*"])
      ])
    ])
    error_message = "A bucket policy lacks the statement against plain HTTP, or it does not cover bucket and objects."
  }

  assert {
    condition = alltrue([
      for policy in values(aws_s3_bucket_policy.this) : anytrue([
        for s in jsondecode(policy.policy).Statement : try(s.Condition.NumericLessThan["s3:TlsVersion"], "") == "1.2"
      ])
    ])
    error_message = "A bucket accepts TLS older than 1.2."
  }
}

run "only_the_log_services_may_write_from_outside_and_for_this_account_only" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for layer, policy in aws_s3_bucket_policy.this : [
        for s in jsondecode(policy.policy).Statement :
        layer == "logs" && (
          try(s.Condition.StringEquals["aws:SourceAccount"], "") == "123456789012" ||
          strcontains(try(s.Condition.StringEquals["aws:SourceArn"], ""), ":123456789012:")
        ) if s.Effect == "Allow"
      ]
    ]))
    error_message = "An Allow outside the log bucket, or one that any account's resource can use."
  }
}

run "layers_age_as_planned" {
  command = plan

  assert {
    condition = {
      for transition in aws_s3_bucket_lifecycle_configuration.this["bronze"].rule[0].transition :
      transition.storage_class => transition.days
    } == { STANDARD_IA = 90, GLACIER = 180 }
    error_message = "Bronze: IA after 90 days, Glacier after 180."
  }

  assert {
    condition = (
      one(aws_s3_bucket_lifecycle_configuration.this["silver"].rule[0].transition[*].days) == 180 &&
      one(aws_s3_bucket_lifecycle_configuration.this["gold"].rule[0].transition[*].days) == 365
    )
    error_message = "Silver moves after 180 days, Gold stays hot for 365."
  }

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this["athena-results"].rule[0].expiration[*].days) == 30
    error_message = "Query results are deleted after 30 days."
  }
}

run "logs_use_sse_s3_and_everything_else_the_key" {
  command = plan

  assert {
    condition = alltrue([
      for layer, encryption in aws_s3_bucket_server_side_encryption_configuration.this :
      one(one(encryption.rule).apply_server_side_encryption_by_default).sse_algorithm == (layer == "logs" ? "AES256" : "aws:kms")
    ])
    error_message = "S3 writes access logs only to a bucket with SSE-S3; the others use the key."
  }
}

run "rejects_a_missing_bucket" {
  command = plan

  variables {
    retention = { bronze = {} }
  }

  expect_failures = [var.retention]
}

run "rejects_a_transition_that_s3_refuses" {
  command = plan

  variables {
    retention = {
      bronze = { transitions = { STANDARD_IA = 7 } }, silver = {}, gold = {}, scripts = {}, athena-results = {}, logs = {}
    }
  }

  expect_failures = [var.retention]
}

run "rejects_a_name_that_is_no_bucket_name" {
  command = plan

  variables {
    name = "Lakehouse_Test"
  }

  expect_failures = [var.name]
}
