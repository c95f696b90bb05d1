mock_provider "aws" {
  mock_resource "aws_secretsmanager_secret" {
    override_during = plan
    defaults        = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source-AbCdEf" }
  }
  mock_resource "aws_dms_replication_instance" {
    override_during = plan
    defaults        = { replication_instance_arn = "arn:aws:dms:eu-central-1:123456789012:rep:X" }
  }
  mock_resource "aws_dms_endpoint" {
    override_during = plan
    defaults        = { endpoint_arn = "arn:aws:dms:eu-central-1:123456789012:endpoint:X" }
  }
  mock_resource "aws_dms_s3_endpoint" {
    override_during = plan
    defaults        = { endpoint_arn = "arn:aws:dms:eu-central-1:123456789012:endpoint:Y" }
  }
  mock_resource "aws_dms_replication_task" {
    override_during = plan
    defaults        = { replication_task_arn = "arn:aws:dms:eu-central-1:123456789012:task:Z" }
  }
}

variables {
  bronze_bucket       = "lakehouse-test-bronze-123456789012"
  database            = { host = "db.internal", database = "shop" }
  lake_key_arn        = "arn:aws:kms:eu-central-1:123456789012:key/lake"
  name                = "lakehouse-test"
  operations_key_arn  = "arn:aws:kms:eu-central-1:123456789012:key/operations"
  postgresql_settings = jsondecode(file("../../dms/postgresql_source.json"))
  role_arns = {
    dms-target = "arn:aws:iam::123456789012:role/dms-target"
    dms-secret = "arn:aws:iam::123456789012:role/dms-secret"
  }
  s3_settings       = jsondecode(file("../../dms/s3_target.json"))
  security_group_id = "sg-1"
  source_password   = "not a real one"
  subnet_ids        = ["subnet-1", "subnet-2"]
  table_mappings    = file("../../generated/dms_table_mappings.json")
  task_settings     = file("../../dms/task_settings.json")
}

run "the_task_is_the_one_that_the_local_dms_reads" {
  command = plan

  assert {
    condition     = jsondecode(aws_dms_replication_task.this.table_mappings) == jsondecode(file("../../generated/dms_table_mappings.json"))
    error_message = "The task's table mappings are not the generated ones."
  }

  assert {
    condition     = jsondecode(aws_dms_replication_task.this.replication_task_settings) == jsondecode(file("../../dms/task_settings.json"))
    error_message = "The task's settings are not those of terraform/dms."
  }

  assert {
    condition = (
      aws_dms_s3_endpoint.bronze.include_op_for_full_load && aws_dms_s3_endpoint.bronze.date_partition_enabled &&
      aws_dms_s3_endpoint.bronze.timestamp_column_name == "dms_committed_at" &&
      aws_dms_s3_endpoint.bronze.data_format == "parquet" && !aws_dms_s3_endpoint.bronze.parquet_timestamp_in_millisecond
    )
    error_message = "Bronze would not have the columns that the Silver job reads."
  }

  assert {
    condition = (
      one(aws_dms_endpoint.source.postgres_settings).plugin_name == "test-decoding" &&
      one(aws_dms_endpoint.source.postgres_settings).heartbeat_enable &&
      one(aws_dms_endpoint.source.postgres_settings).fail_tasks_on_lob_truncation
    )
    error_message = "Old rows, slot or large values are not safe."
  }

  assert {
    condition     = aws_dms_replication_task.this.migration_type == "full-load-and-cdc" && !aws_dms_replication_task.this.start_replication_task
    error_message = "The runbook starts the task, not an apply."
  }
}

run "nothing_is_public_and_everything_encrypted" {
  command = plan

  assert {
    condition     = !aws_dms_replication_instance.this.publicly_accessible && aws_dms_endpoint.source.ssl_mode == "require"
    error_message = "The replication instance is public, or the source is read without TLS."
  }

  assert {
    condition     = aws_dms_endpoint.source.password == null && aws_dms_endpoint.source.secrets_manager_arn != null
    error_message = "The password stands in Terraform's state."
  }
}

run "rejects_a_source_without_tls" {
  command = plan

  variables {
    ssl_mode = "none"
  }

  expect_failures = [var.ssl_mode]
}

run "rejects_verification_without_a_certificate" {
  command = plan

  variables {
    ssl_mode = "verify-full"
  }

  expect_failures = [var.source_ca_pem]
}

run "rejects_settings_that_dms_sets_itself" {
  command = plan

  variables {
    task_settings = jsonencode({ TargetMetadata = {}, Logging = { CloudWatchLogGroup = "x" } })
  }

  expect_failures = [var.task_settings]
}

run "rejects_mappings_without_a_table" {
  command = plan

  variables {
    table_mappings = jsonencode({ rules = [] })
  }

  expect_failures = [var.table_mappings]
}

run "rejects_a_class_of_another_service" {
  command = plan

  variables {
    instance_class = "db.t3.medium"
  }

  expect_failures = [var.instance_class]
}
