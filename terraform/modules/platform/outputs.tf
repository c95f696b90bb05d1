output "bucket_names" {
  description = "Buckets by layer."
  value       = module.s3.bucket_names
}

output "dms_task_arn" {
  description = "The replication task; the runbook starts it with this ARN."
  value       = module.dms.task_arn
}

output "guards" {
  description = "What stands between this environment and a mistaken destroy."
  value = {
    deletion_protection  = local.protected
    force_destroy        = !local.protected
    multi_az             = var.sizes.multi_az
    secret_recovery_days = local.secret_recovery_days
  }
}

output "named_queries" {
  description = "Named queries of analytics-team; dbt's analyses that need no macro."
  value       = keys(local.named_queries)
}

output "nat_address" {
  description = "Address that a source on the internet has to let in; null unless the source's kind is public."
  value       = module.networking.nat_address
}

output "role_arns" {
  description = "Roles of people and tenants."
  value       = module.lake_formation.role_arns
}

output "state_machine_arn" {
  description = "The pipeline."
  value       = module.orchestration.state_machine_arn
}

output "tenant_filters" {
  description = "Row filter of each tenant and table."
  value       = module.lake_formation.tenant_filters

  precondition {
    condition     = length(local.unknown_tables) == 0
    error_message = "tenants.yaml lists tables that dbt does not describe: ${join(", ", local.unknown_tables)}."
  }
}

output "workgroup_names" {
  description = "Athena workgroups."
  value       = module.athena.workgroup_names
}
