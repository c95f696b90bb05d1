mock_provider "aws" {}

variables {
  catalog_database = "lakehouse_gold"
  kms_key_arn      = "arn:aws:kms:eu-central-1:123456789012:key/lake"
  name             = "lakehouse-test"
  queries          = { today = "select 1" }
  results_bucket   = "results"
  tenants          = ["ann", "bob"]
}

run "each_tenant_has_results_of_its_own" {
  command = plan

  assert {
    condition = {
      for key, group in aws_athena_workgroup.this : key => one(one(group.configuration).result_configuration).output_location
      } == {
      analytics-team   = "s3://results/analytics-team/"
      data-engineering = "s3://results/data-engineering/"
      tenant-ann       = "s3://results/tenants/ann/"
      tenant-bob       = "s3://results/tenants/bob/"
    }
    error_message = "Two workgroups share results, or one is missing."
  }
}

run "queries_are_limited_encrypted_and_cannot_choose_another_place" {
  command = plan

  assert {
    condition = alltrue([
      for key, group in aws_athena_workgroup.this :
      one(group.configuration).bytes_scanned_cutoff_per_query == 1099511627776 &&
      one(one(one(group.configuration).result_configuration).encryption_configuration).encryption_option == "SSE_KMS" &&
      one(group.configuration).enforce_workgroup_configuration == (key != "data-engineering")
    ])
    error_message = "A workgroup lacks the limit, the key, or lets a user override them (dbt's alone may)."
  }
}

run "rejects_a_limit_below_athenas" {
  command = plan

  variables {
    scan_limit_bytes = 1000
  }

  expect_failures = [var.scan_limit_bytes]
}
