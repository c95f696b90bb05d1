output "role_arns" {
  description = "Roles of people (admin, engineer, analyst) and of tenants (tenant-<slug>)."
  value = merge(
    { for person, role in aws_iam_role.person : person => role.arn },
    { for slug, role in aws_iam_role.tenant : "tenant-${slug}" => role.arn },
  )
}

output "tenant_filters" {
  description = "Row filter of each tenant and table, as <slug>.<table>."
  value       = { for key, pair in local.tenant_tables : key => pair.filter }
}
