locals {
  unknown_tables = setsubtract(var.tenant_registry.tables, keys(module.definitions.marts))
}

module "lake_formation" {
  source = "../lake-formation"

  account_id   = local.account_id
  admin_arns   = var.admin_arns
  bucket_arns  = module.s3.bucket_arns
  databases    = module.glue.databases
  grant_tables = var.grant_tables
  lake_key_arn = module.kms.lake_key_arn
  # A name that dbt does not know fails at output tenant_filters, with a message.
  marts                = { for table, mart in module.definitions.marts : table => mart if contains(var.tenant_registry.tables, table) }
  name                 = var.name
  operations_role_arns = module.iam.role_arns
  people               = var.people
  region               = var.region
  results_bucket       = module.s3.bucket_names["athena-results"]
  silver_tables        = module.definitions.tables
  tenants              = var.tenant_registry.tenants
}
