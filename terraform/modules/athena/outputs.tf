output "workgroup_names" {
  description = "Workgroups: analytics-team, data-engineering, and tenant-<slug> for each tenant."
  value       = { for key, workgroup in aws_athena_workgroup.this : key => workgroup.name }
}
