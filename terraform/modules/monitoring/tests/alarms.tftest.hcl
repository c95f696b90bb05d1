mock_provider "aws" {
  mock_resource "aws_sns_topic" {
    override_during = plan
    defaults        = { arn = "arn:aws:sns:eu-central-1:123456789012:lakehouse-test-alerts" }
  }
}

variables {
  account_id        = "123456789012"
  alert_emails      = ["team@example.com"]
  budget_usd        = 200
  dms               = { instance_id = "lakehouse-test", task_id = "ABC", task_name = "lakehouse-test" }
  freshness_minutes = 30
  job_names         = { order = "lakehouse-test-silver-order" }
  kms_key_arn       = "arn:aws:kms:eu-central-1:123456789012:key/operations"
  logs_bucket       = "logs"
  name              = "lakehouse-test"
  region            = "eu-central-1"
  state_machine_arn = "arn:aws:states:eu-central-1:123456789012:stateMachine:pipeline"
  workgroups        = { analytics-team = "lakehouse-test-analytics-team" }
}

run "every_alarm_reaches_people_and_names_its_runbook_entry" {
  command = plan

  assert {
    condition = alltrue([
      for alarm in values(aws_cloudwatch_metric_alarm.this) :
      one(alarm.alarm_actions) == "arn:aws:sns:eu-central-1:123456789012:lakehouse-test-alerts" &&
      can(regex("docs/RUNBOOK.md#[a-z-]+$", alarm.alarm_description))
    ])
    error_message = "An alarm tells nobody, or not what to do."
  }

  assert {
    condition = length(setsubtract(
      ["replication-source-latency", "replication-target-latency", "replication-disk", "pipeline-failed", "freshness", "athena-scan-analytics-team"],
      keys(aws_cloudwatch_metric_alarm.this),
    )) == 0
    error_message = "An alarm is missing."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["freshness"].treat_missing_data == "breaching"
    error_message = "A pipeline that does not run at all would not be noticed."
  }
}

run "the_topic_takes_messages_from_this_accounts_services_over_tls" {
  command = plan

  assert {
    condition = (
      jsondecode(aws_sns_topic_policy.alerts.policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012" &&
      jsondecode(aws_sns_topic_policy.alerts.policy).Statement[1].Effect == "Deny" &&
      jsondecode(aws_sns_topic_policy.alerts.policy).Statement[1].Condition.Bool["aws:SecureTransport"] == "false"
    )
    error_message = "Another account could write to the topic, or without TLS."
  }
}

run "a_slot_is_watched_where_it_can_be" {
  command = plan

  variables {
    rds_identifier = "lakehouse-test-source"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["replication-slot-lag"].dimensions["DBInstanceIdentifier"] == "lakehouse-test-source"
    error_message = "The slot's lag is not watched."
  }
}

run "the_trail_is_whole" {
  command = plan

  assert {
    condition     = aws_cloudtrail.this.is_multi_region_trail && aws_cloudtrail.this.enable_log_file_validation
    error_message = "The trail misses regions, or could be changed unnoticed."
  }
}

run "rejects_an_address_that_is_none" {
  command = plan

  variables {
    alert_emails = ["team"]
  }

  expect_failures = [var.alert_emails]
}

run "rejects_a_freshness_that_cloudwatch_cannot_watch" {
  command = plan

  variables {
    freshness_minutes = 3000
  }

  expect_failures = [var.freshness_minutes]
}

run "rejects_no_budget" {
  command = plan

  variables {
    budget_usd = 0
  }

  expect_failures = [var.budget_usd]
}
