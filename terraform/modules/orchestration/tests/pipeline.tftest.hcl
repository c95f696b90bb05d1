mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_group" {
    override_during = plan
    defaults        = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:mock" }
  }
}

variables {
  buckets      = { scripts = "scripts", gold = "gold", athena-results = "results" }
  job_names    = { customer = "lakehouse-test-silver-customer", order = "lakehouse-test-silver-order" }
  kms_key_arn  = "arn:aws:kms:eu-central-1:123456789012:key/operations"
  lake_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/lake"
  name         = "lakehouse-test"
  release      = "0.1.0"
  role_arns = {
    dbt      = "arn:aws:iam::123456789012:role/dbt"
    pipeline = "arn:aws:iam::123456789012:role/pipeline"
    schedule = "arn:aws:iam::123456789012:role/schedule"
  }
  schedule  = "rate(10 minutes)"
  topic_arn = "arn:aws:sns:eu-central-1:123456789012:alerts"
  workgroup = "lakehouse-test-data-engineering"
}

run "silver_then_the_gate_then_gold" {
  command = plan

  assert {
    condition = [
      jsondecode(aws_sfn_state_machine.pipeline.definition).StartAt,
      jsondecode(aws_sfn_state_machine.pipeline.definition).States.Tables.Next,
      jsondecode(aws_sfn_state_machine.pipeline.definition).States.Silver.Next,
      jsondecode(aws_sfn_state_machine.pipeline.definition).States.QualityGate.Next,
      jsondecode(aws_sfn_state_machine.pipeline.definition).States.Gold.Next,
    ] == ["Tables", "Silver", "QualityGate", "Gold", "ReportSuccess"]
    error_message = "Gold is built before Silver is done and checked."
  }

  assert {
    condition = alltrue([
      for state in values(jsondecode(aws_sfn_state_machine.pipeline.definition).States) :
      contains(keys(jsondecode(aws_sfn_state_machine.pipeline.definition).States), state.Next) if try(state.Next, null) != null
    ])
    error_message = "A state leads nowhere."
  }

  assert {
    condition = alltrue([
      for name in ["Silver", "QualityGate", "Gold"] :
      jsondecode(aws_sfn_state_machine.pipeline.definition).States[name].Catch[0].Next == "NotifyFailure"
    ])
    error_message = "A step fails without a word."
  }

  assert {
    condition = jsondecode(aws_sfn_state_machine.pipeline.definition).States.Tables.Result.jobs == [
      "lakehouse-test-silver-customer", "lakehouse-test-silver-order",
    ]
    error_message = "A table's job is not run."
  }
}

run "one_build_at_a_time_and_the_next_waits" {
  command = plan

  assert {
    condition     = aws_codebuild_project.dbt.concurrent_build_limit == 1
    error_message = "Two builds could write the same tables of Gold."
  }

  assert {
    condition = alltrue([
      for name in ["QualityGate", "Gold"] :
      jsondecode(aws_sfn_state_machine.pipeline.definition).States[name].Retry[0].ErrorEquals == ["CodeBuild.AccountLimitExceededException"]
    ])
    error_message = "A run that meets another's build fails instead of waiting."
  }
}

run "the_schedule_is_off_until_somebody_turns_it_on" {
  command = plan

  assert {
    condition     = aws_scheduler_schedule.pipeline.state == "DISABLED"
    error_message = "The pipeline would run before Bronze is filled."
  }
}

run "rejects_a_schedule_that_is_none" {
  command = plan

  variables {
    schedule = "every 10 minutes"
  }

  expect_failures = [var.schedule]
}

run "rejects_more_branches_than_a_map_runs" {
  command = plan

  variables {
    parallel_jobs = 100
  }

  expect_failures = [var.parallel_jobs]
}
