# The whole platform: every root calls this, and differs in sizes and guards only.
data "aws_caller_identity" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  protected  = var.safety == "protect"

  secret_recovery_days = local.protected ? 30 : 0

  # Fixed names: dbt's and the Spark job's code say them. One account holds one environment.
  databases = {
    bronze  = "lakehouse_bronze"
    silver  = "lakehouse_silver"
    gold    = "lakehouse_gold"
    staging = "lakehouse_staging"
  }
}

module "definitions" {
  source = "../definitions"

  repository = var.repository
}

module "kms" {
  source = "../kms"

  account_id           = local.account_id
  deletion_window_days = var.sizes.key_window_days
  name                 = var.name
  region               = var.region
}

module "s3" {
  source = "../s3"

  account_id    = local.account_id
  force_destroy = !local.protected
  kms_key_arn   = module.kms.lake_key_arn
  name          = var.name
  region        = var.region
}

module "iam" {
  source = "../iam"

  account_id               = local.account_id
  bucket_arns              = module.s3.bucket_arns
  create_dms_account_roles = var.create_dms_account_roles
  databases                = local.databases
  lake_key_arn             = module.kms.lake_key_arn
  name                     = var.name
  operations_key_arn       = module.kms.operations_key_arn
  region                   = var.region
  source_secret_arn        = module.dms.secret_arn
  topic_arn                = module.monitoring.topic_arn
}

module "glue" {
  source = "../glue"

  buckets        = module.s3.bucket_names
  crawl_schedule = var.pipeline.crawl
  databases      = local.databases
  lake_key_arn   = module.kms.lake_key_arn
  max_workers    = var.sizes.glue_workers
  name           = var.name
  region         = var.region
  release        = var.release
  role_arns      = module.iam.role_arns
  source_schemas = [for table in values(module.definitions.tables) : table.source_schema]
  tables         = keys(module.definitions.tables)
}

module "athena" {
  source = "../athena"

  catalog_database = module.glue.databases["gold"]
  kms_key_arn      = module.kms.lake_key_arn
  name             = var.name
  queries          = local.named_queries
  results_bucket   = module.s3.bucket_names["athena-results"]
  scan_limit_bytes = var.sizes.scan_limit
  tenants          = keys(var.tenant_registry.tenants)
}

module "orchestration" {
  source = "../orchestration"

  buckets            = module.s3.bucket_names
  job_names          = module.glue.job_names
  kms_key_arn        = module.kms.operations_key_arn
  lake_key_arn       = module.kms.lake_key_arn
  log_retention_days = var.sizes.log_retention
  name               = var.name
  parallel_jobs      = var.sizes.parallel_jobs
  release            = var.release
  role_arns          = module.iam.role_arns
  schedule           = var.pipeline.schedule
  schedule_enabled   = var.pipeline.enabled
  topic_arn          = module.monitoring.topic_arn
  workgroup          = module.athena.workgroup_names["data-engineering"]
}

module "monitoring" {
  source = "../monitoring"

  account_id           = local.account_id
  alert_emails         = var.alert_emails
  audited_buckets      = var.audit_data_access ? [for layer in ["gold", "silver"] : module.s3.bucket_arns[layer]] : []
  budget_usd           = var.budget_usd
  cost_anomaly_monitor = var.cost_anomaly_monitor
  dms = {
    instance_id = module.dms.instance_id
    task_id     = module.dms.metric_task_id
    task_name   = module.dms.task_id
  }
  freshness_minutes = var.pipeline.freshness_minutes
  job_names         = module.glue.job_names
  kms_key_arn       = module.kms.operations_key_arn
  logs_bucket       = module.s3.bucket_names["logs"]
  name              = var.name
  rds_identifier    = one(concat(module.source_database[*].identifier, compact([var.source_database.rds_identifier])))
  region            = var.region
  state_machine_arn = module.orchestration.state_machine_arn
  workgroups        = module.athena.workgroup_names
}
