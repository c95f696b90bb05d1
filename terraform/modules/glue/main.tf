locals {
  bucket_of = { bronze = "bronze", silver = "silver", gold = "gold", staging = "gold" }
}

resource "aws_glue_catalog_database" "this" {
  for_each = var.databases

  name         = each.value
  description  = "${title(each.key)} of ${var.name}"
  location_uri = "s3://${var.buckets[local.bucket_of[each.key]]}/${each.key == "bronze" ? "" : "${each.value}/"}"
}

resource "aws_glue_security_configuration" "this" {
  #checkov:skip=CKV_AWS_99:logs keep the key of the log service: with one of ours Glue renames its log groups, and its role would manage keys
  name = var.name

  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "DISABLED"
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = var.lake_key_arn
    }

    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = var.lake_key_arn
    }
  }
}

# Bronze only: a crawler over Hudi files would show every old version of a row.
resource "aws_glue_crawler" "bronze" {
  name                   = "${var.name}-bronze"
  description            = "Registers the tables and columns that DMS writes"
  database_name          = aws_glue_catalog_database.this["bronze"].name
  role                   = var.role_arns["crawler"]
  schedule               = var.crawl_schedule
  security_configuration = aws_glue_security_configuration.this.name

  dynamic "s3_target" {
    for_each = var.source_schemas

    content {
      path = "s3://${var.buckets["bronze"]}/${s3_target.value}/"
    }
  }

  # Bucket, schema, table: what lies deeper are date folders of the same table.
  configuration = jsonencode({
    Version       = 1.0
    Grouping      = { TableLevelConfiguration = 3 }
    CrawlerOutput = { Partitions = { AddOrUpdateBehavior = "InheritFromTable" } }
  })

  schema_change_policy {
    delete_behavior = "LOG"
    update_behavior = "UPDATE_IN_DATABASE"
  }
}
