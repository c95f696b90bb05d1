output "databases" {
  description = "Glue databases by layer."
  value       = { for layer, database in aws_glue_catalog_database.this : layer => database.name }
}

output "job_names" {
  description = "Job of each Silver table."
  value       = { for table, job in aws_glue_job.silver : table => job.name }
}
