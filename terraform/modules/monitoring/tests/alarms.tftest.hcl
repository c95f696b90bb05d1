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
      for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.quarantine)) :
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

run "a_task_that_stops_is_noticed_by_its_silence" {
  command = plan

  assert {
    condition = [
      for name, alarm in aws_cloudwatch_metric_alarm.this : name if length(alarm.insufficient_data_actions) == 1
    ] == ["replication-source-latency", "replication-target-latency"]
    error_message = "Latency has no number while the task is stopped, and the slot grows: that has to be told."
  }
}

run "the_share_of_quarantined_rows_is_watched_by_table" {
  command = plan

  assert {
    condition = {
      for table, alarm in aws_cloudwatch_metric_alarm.quarantine : table => {
        for query in alarm.metric_query : query.id => [one(query.metric).namespace, one(query.metric).metric_name, one(query.metric).dimensions.Table, one(query.metric).stat] if query.id != "percent"
      }
      } == {
      order = {
        files = ["Lakehouse/Silver", "FilesQuarantined", "order", "Sum"]
        read  = ["Lakehouse/Silver", "RowsRead", "order", "Sum"]
        rows  = ["Lakehouse/Silver", "RowsQuarantined", "order", "Sum"]
      }
    }
    error_message = "A table's alarm reads other numbers than its job's."
  }

  assert {
    condition = one([
      for query in aws_cloudwatch_metric_alarm.quarantine["order"].metric_query : query.expression if query.return_data == true
    ]) == "IF(files > 0, 100, IF(read > 0, 100 * rows / read, 0))"
    error_message = "The alarm compares something other than the share: a broken file is everything, and nothing read is nothing lost."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.quarantine["order"].threshold < 1 &&
      aws_cloudwatch_metric_alarm.quarantine["order"].treat_missing_data == "missing"
    )
    error_message = "The job stops at 1 % by itself: the alarm comes too late, or takes silence for health."
  }
}

run "rejects_a_share_that_is_none" {
  command = plan

  variables {
    quarantine_percent = 100
  }

  expect_failures = [var.quarantine_percent]
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
