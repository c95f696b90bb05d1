locals {
  names = { for layer in keys(var.retention) : layer => "${var.name}-${layer}-${var.account_id}" }
  arns  = { for layer, name in local.names : layer => "arn:aws:s3:::${name}" }
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:everything can be made again from the source; a copy in another region is not worth its price yet
  #checkov:skip=CKV2_AWS_62:nothing listens: the pipeline runs by schedule
  #checkov:skip=CKV_AWS_18:the log bucket does not log itself
  for_each = local.names

  bucket        = each.value
  force_destroy = var.force_destroy

  tags = { Layer = each.key }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = aws_s3_bucket.this

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    bucket_key_enabled = each.key != "logs"

    apply_server_side_encryption_by_default {
      # S3 delivers server access logs only to a bucket whose default encryption is SSE-S3.
      sse_algorithm     = each.key == "logs" ? "AES256" : "aws:kms"
      kms_master_key_id = each.key == "logs" ? null : var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_logging" "this" {
  for_each = { for layer, bucket in aws_s3_bucket.this : layer => bucket if layer != "logs" }

  bucket        = each.value.id
  target_bucket = aws_s3_bucket.this["logs"].id
  target_prefix = "s3-access/${each.key}/"

  # S3 checks the log bucket's policy when logging is switched on.
  depends_on = [aws_s3_bucket_policy.this]
}
