resource "aws_sns_topic" "alerts" {
  name              = "${var.name}-alerts"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Services"
        Effect = "Allow"
        Principal = {
          Service = [
            "budgets.amazonaws.com", "cloudwatch.amazonaws.com", "costalerts.amazonaws.com", "dms.amazonaws.com",
            "events.amazonaws.com",
          ]
        }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alerts.arn
        Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alerts.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.alert_emails

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.value
}

# Failure, deletion and configuration change of the task, in DMS's own words.
resource "aws_dms_event_subscription" "task" {
  name             = "${var.name}-task"
  sns_topic_arn    = aws_sns_topic.alerts.arn
  source_type      = "replication-task"
  source_ids       = [var.dms.task_name]
  event_categories = ["configuration change", "deletion", "failure", "state change"]
  enabled          = true
}

resource "aws_cloudwatch_event_rule" "glue_failed" {
  name        = "${var.name}-glue-failed"
  description = "A Silver job failed, timed out or was stopped"
  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail      = { jobName = sort(values(var.job_names)), state = ["ERROR", "FAILED", "STOPPED", "TIMEOUT"] }
  })
}

resource "aws_cloudwatch_event_target" "glue_failed" {
  rule = aws_cloudwatch_event_rule.glue_failed.name
  arn  = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths    = { job = "$.detail.jobName", state = "$.detail.state", message = "$.detail.message" }
    input_template = "\"Glue job <job>: <state>. <message> Runbook: ${var.runbook}#a-silver-job-failed\""
  }
}
