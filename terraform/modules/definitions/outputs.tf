output "tables" {
  description = "Silver tables by name: source_schema, source_table."
  value       = local.tables

  precondition {
    condition     = length(local.tables) > 0
    error_message = "No *.odcs.yaml under ${local.contract_folder}; set repository to the root of this repository."
  }
}

output "policy" {
  description = "Who may see what, as `lakehouse generate` compiled it: people, row_filter, tenant_tables."
  value       = local.policy

  precondition {
    condition     = length(local.policy.tenant_tables) > 0
    error_message = "${local.policy_file} gives tenants no table at all; run `make generate`."
  }
}
