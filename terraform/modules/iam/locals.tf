locals {
  # arn of a thing of this account and region
  here = "${var.region}:${var.account_id}"

  catalog_arn = "arn:aws:glue:${local.here}:catalog"

  # Databases and their tables, per layer, as IAM names them.
  catalog = {
    for layer, database in var.databases : layer => [
      "arn:aws:glue:${local.here}:database/${database}",
      "arn:aws:glue:${local.here}:table/${database}/*",
    ]
  }

  read_catalog_actions = [
    "glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable",
    "glue:GetTables", "glue:GetTableVersions", "glue:BatchGetPartition",
  ]

  write_catalog_actions = [
    "glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:BatchUpdatePartition", "glue:CreatePartition",
    "glue:CreateTable", "glue:DeletePartition", "glue:DeleteTable", "glue:DeleteTableVersion",
    "glue:BatchDeleteTableVersion", "glue:UpdatePartition", "glue:UpdateTable",
  ]

  read_bucket = {
    for layer, arn in var.bucket_arns : layer => [
      { Effect = "Allow", Action = ["s3:GetBucketLocation", "s3:ListBucket"], Resource = arn },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "${arn}/*" },
    ]
  }

  write_bucket = {
    for layer, arn in var.bucket_arns : layer => [
      { Effect = "Allow", Action = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], Resource = arn },
      {
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject",
        ]
        Resource = "${arn}/*"
      },
    ]
  }

  use_lake_key = {
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    Resource = var.lake_key_arn
  }

  # Glue and CodeBuild write their logs encrypted; the log group's key is used by the log service itself.
  write_logs = {
    for service, group in {
      glue      = "arn:aws:logs:${local.here}:log-group:/aws-glue/*"
      codebuild = "arn:aws:logs:${local.here}:log-group:/${var.name}/dbt*"
      } : service => {
      Effect   = "Allow"
      Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = group
    }
  }
}
