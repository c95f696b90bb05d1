output "bucket_arns" {
  description = "ARN of each bucket by layer."
  value       = { for layer, bucket in aws_s3_bucket.this : layer => bucket.arn }
}

output "bucket_names" {
  description = "Name of each bucket by layer; usable once policy and encryption are in place."
  value       = { for layer, bucket in aws_s3_bucket.this : layer => bucket.id }

  depends_on = [
    aws_s3_bucket_policy.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
  ]
}
