locals {
  unknown_tables = setsubtract(var.tenant_registry.tables, keys(module.definitions.policy.tenant_tables))
}

module "lake_formation" {
  source = "../lake-formation"

  account_id           = local.account_id
  admin_arns           = var.admin_arns
  bucket_arns          = module.s3.bucket_arns
  databases            = module.glue.databases
  grant_tables         = var.grant_tables
  lake_key_arn         = module.kms.lake_key_arn
  name                 = var.name
  operations_role_arns = module.iam.role_arns
  people               = var.people
  people_grants        = module.definitions.policy.people
  region               = var.region
  results_bucket       = module.s3.bucket_names["athena-results"]
  row_filter           = module.definitions.policy.row_filter
  # A name that the policy does not have fails at output tenant_filters, with a message.
  tenant_tables = { for table, columns in module.definitions.policy.tenant_tables : table => columns if contains(var.tenant_registry.tables, table) }
  tenants       = var.tenant_registry.tenants
}
