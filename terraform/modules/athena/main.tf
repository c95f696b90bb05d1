locals {
  # data-engineering is dbt's: an enforced location would override where dbt puts each table's files.
  teams = { analytics-team = true, data-engineering = false }

  workgroups = merge(
    { for team, enforced in local.teams : team => { enforced = enforced, prefix = team } },
    { for tenant in var.tenants : "tenant-${tenant}" => { enforced = true, prefix = "tenants/${tenant}" } },
  )
}

resource "aws_athena_workgroup" "this" {
  #checkov:skip=CKV_AWS_82:all but dbt's enforce; an enforced location would override where dbt puts tables
  for_each = local.workgroups

  name          = "${var.name}-${each.key}"
  description   = "Queries of ${each.key}"
  force_destroy = true

  configuration {
    bytes_scanned_cutoff_per_query     = var.scan_limit_bytes
    enforce_workgroup_configuration    = each.value.enforced
    publish_cloudwatch_metrics_enabled = true

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      # Lake Formation does not guard results: each workgroup has a prefix that only its users may read.
      output_location = "s3://${var.results_bucket}/${each.value.prefix}/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}

resource "aws_athena_named_query" "this" {
  for_each = var.queries

  name      = each.key
  workgroup = aws_athena_workgroup.this["analytics-team"].name
  database  = var.catalog_database
  query     = each.value
}
