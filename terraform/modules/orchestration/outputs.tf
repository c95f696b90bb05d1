output "state_machine_arn" {
  description = "The pipeline."
  value       = aws_sfn_state_machine.pipeline.arn
}

output "dbt_project_name" {
  description = "CodeBuild project that runs dbt."
  value       = aws_codebuild_project.dbt.name
}
