locals {
  # A Silver table reads Bronze only, never another Silver table: all jobs may run in any order.
  jobs = [for table in sort(keys(var.job_names)) : var.job_names[table]]

  # Tried again: throttling, and a run of the same job that a person or the last schedule started.
  glue_retry = [
    {
      ErrorEquals     = ["Glue.ConcurrentRunsExceededException", "Glue.ThrottlingException"]
      IntervalSeconds = 60
      BackoffRate     = 1.5
      MaxAttempts     = 6
    },
  ]

  # A run that lasts longer than the schedule's interval: the next one waits with dbt until its builds are done.
  build_retry = [
    {
      ErrorEquals     = ["CodeBuild.AccountLimitExceededException"]
      IntervalSeconds = 60
      BackoffRate     = 1
      MaxAttempts     = 30
    },
  ]

  run_job = {
    Type     = "Task"
    Resource = "arn:aws:states:::glue:startJobRun.sync"
    Parameters = {
      "JobName.$" = "$"
    }
    Retry      = local.glue_retry
    ResultPath = null
    End        = true
  }

  dbt_commands = {
    QualityGate = "dbt test --select source:silver"
    Gold        = "dbt build --exclude-resource-type unit_test"
  }

  dbt_next = { QualityGate = "Gold", Gold = "ReportSuccess" }

  dbt_states = {
    for state, command in local.dbt_commands : state => {
      Type     = "Task"
      Resource = "arn:aws:states:::codebuild:startBuild.sync"
      Parameters = {
        ProjectName                  = aws_codebuild_project.dbt.name
        EnvironmentVariablesOverride = [{ Name = "DBT_COMMAND", Value = command, Type = "PLAINTEXT" }]
      }
      Retry      = local.build_retry
      ResultPath = null
      Catch      = local.catch
      Next       = local.dbt_next[state]
    }
  }

  catch = [{ ErrorEquals = ["States.ALL"], ResultPath = "$.error", Next = "NotifyFailure" }]

  definition = {
    Comment        = "Bronze to Silver to Gold"
    StartAt        = "Tables"
    TimeoutSeconds = 7200
    States = merge(local.dbt_states, {
      Tables = {
        Type   = "Pass"
        Result = { jobs = local.jobs }
        Next   = "Silver"
      }
      Silver = {
        Type           = "Map"
        ItemsPath      = "$.jobs"
        MaxConcurrency = var.parallel_jobs
        ItemProcessor = {
          ProcessorConfig = { Mode = "INLINE" }
          StartAt         = "RunJob"
          States          = { RunJob = local.run_job }
        }
        ResultPath = null
        Catch      = local.catch
        Next       = "QualityGate"
      }
      # The freshness alarm watches this number: silence is an alarm, whatever the reason.
      ReportSuccess = {
        Type     = "Task"
        Resource = "arn:aws:states:::aws-sdk:cloudwatch:putMetricData"
        Parameters = {
          Namespace = "Lakehouse"
          MetricData = [{
            MetricName = "PipelineSucceeded"
            Dimensions = [{ Name = "Environment", Value = var.name }]
            Value      = 1
          }]
        }
        End = true
      }
      NotifyFailure = {
        Type     = "Task"
        Resource = "arn:aws:states:::sns:publish"
        Parameters = {
          TopicArn    = var.topic_arn
          Subject     = "${var.name}: pipeline failed"
          "Message.$" = "States.Format('Execution {} failed: {} {}. Runbook: docs/RUNBOOK.md#pipeline-failed', $$.Execution.Name, $.error.Error, $.error.Cause)"
        }
        Next = "Failed"
      }
      Failed = { Type = "Fail", Error = "PipelineFailed", Cause = "See the notification and the execution's history." }
    })
  }
}

resource "aws_cloudwatch_log_group" "pipeline" {
  name              = "/aws/vendedlogs/states/${var.name}-pipeline"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_sfn_state_machine" "pipeline" {
  #checkov:skip=CKV_AWS_284:no X-Ray: one execution has a dozen steps, and its history shows them
  #checkov:skip=CKV_AWS_285:errors are logged, execution data is not, on purpose
  name       = "${var.name}-pipeline"
  role_arn   = var.role_arns["pipeline"]
  type       = "STANDARD"
  definition = jsonencode(local.definition)

  logging_configuration {
    level                  = "ERROR"
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.pipeline.arn}:*"
  }
}

resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

resource "aws_scheduler_schedule" "pipeline" {
  #checkov:skip=CKV_AWS_297:a schedule holds no data
  name                = "${var.name}-pipeline"
  group_name          = aws_scheduler_schedule_group.this.name
  schedule_expression = var.schedule
  state               = var.schedule_enabled ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.pipeline.arn
    role_arn = var.role_arns["schedule"]

    retry_policy {
      maximum_event_age_in_seconds = 300
      maximum_retry_attempts       = 2
    }
  }
}
