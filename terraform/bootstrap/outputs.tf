output "state_bucket" {
  description = "Bucket of the state, for backend.hcl."
  value       = aws_s3_bucket.state.id
}

output "workflow_role_arns" {
  description = "Roles of the GitHub workflows, for the repository's variables."
  value       = { for name, role in aws_iam_role.workflow : name => role.arn }
}
