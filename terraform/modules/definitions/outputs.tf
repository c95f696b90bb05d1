output "tables" {
  description = "Silver tables by name: source_schema, source_table, columns, personal_columns."
  value       = local.tables

  precondition {
    condition     = length(local.tables) > 0
    error_message = "No *.odcs.yaml under ${local.contract_folder}; set repository to the root of this repository."
  }
}

output "marts" {
  description = "Gold marts by name with their columns, as dbt's YAML lists them."
  value       = local.marts

  precondition {
    condition     = length(local.marts) > 0
    error_message = "No model with columns under ${local.mart_folder}; set repository to the root of this repository."
  }
}
