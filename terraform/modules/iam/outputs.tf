output "role_arns" {
  description = "ARN of each service role: crawler, dbt, dms-secret, dms-target, lake-location, pipeline, schedule, silver."
  value       = { for service, role in aws_iam_role.service : service => role.arn }

  # A role without its policy makes the service fail on first use. DMS checks dms-vpc-role when a subnet group is made.
  depends_on = [aws_iam_role_policy.service, aws_iam_role_policy_attachment.dms_account]
}
