# Each run of a Silver job prints its counts as CloudWatch metrics (spark_bronze_to_silver/metrics.py). Nobody knows
# how many rows a broken file has: one counts as everything. Without runs there is no share, and the state says so.
resource "aws_cloudwatch_metric_alarm" "quarantine" {
  for_each = var.job_names

  alarm_name          = "${var.name}-quarantine-${each.key}"
  alarm_description   = "Silver table ${each.key} could not take a file, or more than ${var.quarantine_percent} % of the rows it read. Runbook: ${var.runbook}#rows-go-to-the-quarantine"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.quarantine_percent
  treat_missing_data  = "missing"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  metric_query {
    id          = "percent"
    expression  = "IF(files > 0, 100, IF(read > 0, 100 * rows / read, 0))"
    label       = "Rows that went to the quarantine, in percent"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { files = "FilesQuarantined", read = "RowsRead", rows = "RowsQuarantined" }

    content {
      id = metric_query.key

      metric {
        namespace   = "Lakehouse/Silver"
        metric_name = metric_query.value
        dimensions  = { Table = each.key }
        stat        = "Sum"
        period      = 60 * var.freshness_minutes
      }
    }
  }
}
