locals {
  task = { ReplicationInstanceIdentifier = var.dms.instance_id, ReplicationTaskIdentifier = var.dms.task_id }

  # One entry an alarm; runbook is the heading of its entry in docs/RUNBOOK.md.
  alarms = merge(
    {
      replication-source-latency = {
        description = "Changes wait at the source", runbook = "replication-lags"
        namespace   = "AWS/DMS", metric = "CDCLatencySource", dimensions = local.task
        statistic   = "Average", period = 300, periods = 2, above = true, threshold = var.max_latency_seconds, missing = "missing"
      }
      replication-target-latency = {
        description = "Changes wait to be written to Bronze", runbook = "replication-lags"
        namespace   = "AWS/DMS", metric = "CDCLatencyTarget", dimensions = local.task
        statistic   = "Average", period = 300, periods = 2, above = true, threshold = var.max_latency_seconds, missing = "missing"
      }
      replication-disk = {
        description = "The replication instance runs out of disk", runbook = "replication-disk-full"
        namespace   = "AWS/DMS", metric = "FreeStorageSpace", dimensions = { ReplicationInstanceIdentifier = var.dms.instance_id }
        statistic   = "Minimum", period = 300, periods = 2, above = false, threshold = 10737418240, missing = "breaching"
      }
      pipeline-failed = {
        description = "A pipeline run failed", runbook = "pipeline-failed"
        namespace   = "AWS/States", metric = "ExecutionsFailed", dimensions = { StateMachineArn = var.state_machine_arn }
        statistic   = "Sum", period = 300, periods = 1, above = true, threshold = 0, missing = "notBreaching"
      }
      pipeline-timed-out = {
        description = "A pipeline run took too long", runbook = "pipeline-failed"
        namespace   = "AWS/States", metric = "ExecutionsTimedOut", dimensions = { StateMachineArn = var.state_machine_arn }
        statistic   = "Sum", period = 300, periods = 1, above = true, threshold = 0, missing = "notBreaching"
      }
      freshness = {
        description = "No successful pipeline run for ${var.freshness_minutes} minutes", runbook = "gold-is-stale"
        namespace   = "Lakehouse", metric = "PipelineSucceeded", dimensions = { Environment = var.name }
        statistic   = "Sum", period = 60 * var.freshness_minutes, periods = 1, above = false, threshold = 1, missing = "breaching"
      }
    },
    {
      for key, workgroup in var.workgroups : "athena-scan-${key}" => {
        description = "Workgroup ${workgroup} scanned much in a day", runbook = "athena-scans-too-much"
        namespace   = "AWS/Athena", metric = "ProcessedBytes", dimensions = { WorkGroup = workgroup }
        statistic   = "Sum", period = 86400, periods = 1, above = true, threshold = var.scan_alarm_bytes, missing = "notBreaching"
      }
    },
    var.rds_identifier == null ? {} : {
      replication-slot-lag = {
        description = "The replication slot holds more than 5 GB of log", runbook = "replication-slot-grows"
        namespace   = "AWS/RDS", metric = "OldestReplicationSlotLag", dimensions = { DBInstanceIdentifier = var.rds_identifier }
        statistic   = "Maximum", period = 300, periods = 2, above = true, threshold = 5368709120, missing = "missing"
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.description}. Runbook: ${var.runbook}#${each.value.runbook}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = each.value.periods
  comparison_operator = each.value.above ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  # A task that stopped measures nothing while the slot at the source grows: silence is told, too.
  insufficient_data_actions = each.value.missing == "missing" ? [aws_sns_topic.alerts.arn] : []
}
