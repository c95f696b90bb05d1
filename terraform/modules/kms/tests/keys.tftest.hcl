mock_provider "aws" {}

variables {
  account_id = "123456789012"
  name       = "lakehouse-test"
  region     = "eu-central-1"
}

run "keys_rotate_and_services_use_them_for_this_account_only" {
  command = plan

  assert {
    condition     = aws_kms_key.lake.enable_key_rotation && aws_kms_key.operations.enable_key_rotation
    error_message = "A key does not rotate."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.operations.policy).Statement :
      alltrue([for test in values(statement.Condition) : alltrue([for value in values(test) : strcontains(value, "123456789012")])]) &&
      length(statement.Condition) > 0 && !contains(flatten([statement.Action]), "kms:*")
      if contains(keys(statement.Principal), "Service")
    ])
    error_message = "A service may use the key for any account, or manage it."
  }

  assert {
    condition     = !strcontains(aws_kms_key.lake.policy, "Service")
    error_message = "The data key is for IAM roles, not for services."
  }
}

run "rejects_a_window_that_kms_refuses" {
  command = plan

  variables {
    deletion_window_days = 3
  }

  expect_failures = [var.deletion_window_days]
}
