output "lake_key_arn" {
  description = "Key of buckets, Glue and Athena results."
  value       = aws_kms_key.lake.arn
}

output "operations_key_arn" {
  description = "Key of log groups, topics, the trail and secrets."
  value       = aws_kms_key.operations.arn
}
