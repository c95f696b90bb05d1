locals {
  # The files that the local DMS reads too.
  dms_folder = "${var.repository}/terraform/dms"

  # Where DMS connects to; a database that is made here answers inside the VPC.
  source_cidr = var.source_database.kind == "rds" ? var.vpc_cidr : var.source_database.cidr
  source_host = var.source_database.kind == "rds" ? module.source_database[0].host : var.source_database.host
}

module "networking" {
  source = "../networking"

  account_id         = local.account_id
  cidr               = var.vpc_cidr
  endpoint_zones     = var.sizes.endpoint_zones
  kms_key_arn        = module.kms.operations_key_arn
  log_retention_days = var.sizes.log_retention
  name               = var.name
  nat                = var.source_database.kind == "public"
  region             = var.region
  source_cidr        = local.source_cidr
  source_port        = var.source_database.port
  vpn                = var.source_database.vpn
  zones              = var.zones
}

module "source_database" {
  source = "../source-database"
  count  = var.source_database.kind == "rds" ? 1 : 0

  allowed_security_group_id = module.networking.replication_security_group_id
  deletion_protection       = local.protected
  instance_class            = var.sizes.database_class
  kms_key_arn               = module.kms.operations_key_arn
  multi_az                  = var.sizes.multi_az
  name                      = var.name
  subnet_ids                = module.networking.private_subnet_ids
  vpc_id                    = module.networking.vpc_id
}

module "dms" {
  source = "../dms"

  bronze_bucket        = module.s3.bucket_names["bronze"]
  instance_class       = var.sizes.dms_class
  lake_key_arn         = module.kms.lake_key_arn
  log_retention_days   = var.sizes.log_retention
  multi_az             = var.sizes.multi_az
  name                 = var.name
  operations_key_arn   = module.kms.operations_key_arn
  postgresql_settings  = jsondecode(file("${local.dms_folder}/postgresql_source.json"))
  role_arns            = module.iam.role_arns
  s3_settings          = jsondecode(file("${local.dms_folder}/s3_target.json"))
  secret_recovery_days = local.secret_recovery_days
  security_group_id    = module.networking.replication_security_group_id
  database = {
    host     = local.source_host
    port     = var.source_database.port
    database = var.source_database.database
    username = var.source_database.username
  }
  source_ca_pem           = var.source_database.ca_pem
  source_password         = var.source_password
  source_password_version = var.source_password_version
  ssl_mode                = var.source_database.ssl_mode
  start_task              = var.start_task
  subnet_ids              = module.networking.private_subnet_ids
  table_mappings          = file("${var.repository}/terraform/generated/dms_table_mappings.json")
  task_settings           = file("${local.dms_folder}/task_settings.json")
}
