output "secret_arn" {
  description = "Secret with the source's address and the replicating user's password."
  value       = aws_secretsmanager_secret.source.arn
}

output "metric_task_id" {
  description = "What CloudWatch calls the task: the last part of its ARN."
  value       = element(split(":", aws_dms_replication_task.this.replication_task_arn), 6)
}

output "instance_id" {
  description = "Replication instance, a dimension of its metrics."
  value       = aws_dms_replication_instance.this.replication_instance_id
}

output "task_arn" {
  description = "The replication task; the runbook starts it with this ARN."
  value       = aws_dms_replication_task.this.replication_task_arn
}

output "task_id" {
  description = "Name of the task. Metrics name it by the last part of its ARN."
  value       = aws_dms_replication_task.this.replication_task_id
}
