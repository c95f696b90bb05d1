# One per account and region. Without default permissions a new table is Lake Formation's to grant:
# the group IAMAllowedPrincipals, which lets IAM alone decide, gets nothing.
resource "aws_lakeformation_data_lake_settings" "this" {
  admins = concat(sort(var.admin_arns), [aws_iam_role.person["admin"].arn])
}

# Hybrid: writers use IAM, because Athena has no DDL for Iceberg tables that Lake Formation governs.
# Tenants' and analysts' roles are opted in, and see what is granted to them, no more.
resource "aws_lakeformation_resource" "layer" {
  for_each = toset(["gold", "silver"])

  arn                   = var.bucket_arns[each.key]
  role_arn              = var.operations_role_arns["lake-location"]
  hybrid_access_enabled = true

  depends_on = [aws_lakeformation_data_lake_settings.this]
}
