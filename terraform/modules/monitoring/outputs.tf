output "topic_arn" {
  description = "Topic of all alarms."
  value       = aws_sns_topic.alerts.arn
}

output "runbook_entries" {
  description = "Runbook entry of each alarm."
  value       = { for name, alarm in local.alarms : name => alarm.runbook }
}
