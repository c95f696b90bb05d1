module "platform" {
  source = "../../modules/platform"

  name            = "lakehouse-dev"
  region          = var.region
  zones           = [for letter in ["a", "b"] : "${var.region}${letter}"]
  repository      = "${path.root}/../../.."
  tenant_registry = yamldecode(file("${path.root}/tenants.yaml"))

  # Dev can be thrown away, data included.
  safety            = "disposable"
  audit_data_access = false
  budget_usd        = 200
  sizes             = { key_window_days = 7, log_retention = 14 }

  pipeline = {
    schedule          = "rate(1 day)"
    crawl             = "cron(0 3 * * ? *)"
    enabled           = var.schedule_enabled
    freshness_minutes = 1440
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
