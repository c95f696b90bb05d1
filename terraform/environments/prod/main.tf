module "platform" {
  source = "../../modules/platform"

  name            = "lakehouse-prod"
  region          = var.region
  zones           = [for letter in ["a", "b", "c"] : "${var.region}${letter}"]
  repository      = "${path.root}/../../.."
  tenant_registry = yamldecode(file("${path.root}/tenants.yaml"))

  # Buckets with data, the source database and secrets resist a destroy.
  safety            = "protect"
  audit_data_access = true
  budget_usd        = 2500
  sizes = {
    dms_class      = "dms.r6i.large"
    endpoint_zones = 2
    log_retention  = 365
    multi_az       = true
    parallel_jobs  = 8
  }

  pipeline = {
    schedule          = "rate(10 minutes)"
    enabled           = var.schedule_enabled
    freshness_minutes = 30
  }

  admin_arns               = var.admin_arns
  alert_emails             = var.alert_emails
  cost_anomaly_monitor     = var.cost_anomaly_monitor
  create_dms_account_roles = var.create_dms_account_roles
  grant_tables             = var.grant_tables
  people                   = var.people
  release                  = var.release
  source_database          = var.source_database
  source_password          = var.source_password
  source_password_version  = var.source_password_version
}
