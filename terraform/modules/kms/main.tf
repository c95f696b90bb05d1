# Two keys: one for data (buckets, Glue, Athena results), one for operations (logs, topics, trail, secrets).
# Who may read data can then be told apart from who may read logs.
resource "aws_kms_key" "lake" {
  description             = "Data of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days
  policy                  = jsonencode({ Version = "2012-10-17", Statement = [local.through_iam] })
}

resource "aws_kms_alias" "lake" {
  name          = "alias/${var.name}-lake"
  target_key_id = aws_kms_key.lake.key_id
}

resource "aws_kms_key" "operations" {
  description             = "Logs, topics, trail and secrets of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.through_iam, local.for_log_groups, local.for_trail, local.for_alarms]
  })
}

resource "aws_kms_alias" "operations" {
  name          = "alias/${var.name}-operations"
  target_key_id = aws_kms_key.operations.key_id
}

locals {
  # Hands the decision to IAM policies; without it nobody could ever change the key again.
  through_iam = {
    Sid       = "ThroughIam"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  for_log_groups = {
    Sid       = "LogGroups"
    Effect    = "Allow"
    Principal = { Service = "logs.${var.region}.amazonaws.com" }
    Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    Resource  = "*"
    Condition = {
      ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:${var.region}:${var.account_id}:*" }
    }
  }

  for_trail = {
    Sid       = "Trail"
    Effect    = "Allow"
    Principal = { Service = "cloudtrail.amazonaws.com" }
    Action    = ["kms:GenerateDataKey*", "kms:DescribeKey"]
    Resource  = "*"
    Condition = {
      StringEquals = {
        "aws:SourceArn" = "arn:aws:cloudtrail:${var.region}:${var.account_id}:trail/${var.name}"
      }
    }
  }

  # Services that publish to the encrypted topic.
  for_alarms = {
    Sid    = "Publishers"
    Effect = "Allow"
    Principal = {
      Service = [
        "budgets.amazonaws.com", "cloudwatch.amazonaws.com", "costalerts.amazonaws.com", "dms.amazonaws.com",
        "events.amazonaws.com",
      ]
    }
    Action    = ["kms:GenerateDataKey*", "kms:Decrypt"]
    Resource  = "*"
    Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
  }
}
