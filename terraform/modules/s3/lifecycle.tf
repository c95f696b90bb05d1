resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    id     = "retention"
    status = "Enabled"

    filter {}

    # Hudi's cleaner and Iceberg's vacuum delete files; in a versioned bucket those live on as old versions.
    noncurrent_version_expiration {
      noncurrent_days = var.retention[each.key].noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    dynamic "transition" {
      for_each = var.retention[each.key].transitions

      content {
        storage_class = transition.key
        days          = transition.value
      }
    }

    dynamic "expiration" {
      for_each = var.retention[each.key].expire_days == null ? [] : [var.retention[each.key].expire_days]

      content {
        days = expiration.value
      }
    }
  }

  # Rules on old versions need a versioned bucket.
  depends_on = [aws_s3_bucket_versioning.this]
}
