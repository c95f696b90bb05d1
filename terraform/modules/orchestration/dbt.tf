resource "aws_cloudwatch_log_group" "dbt" {
  name              = "/${var.name}/dbt"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

# A container that has what the release's requirements say; the state machine tells it which command to run.
resource "aws_codebuild_project" "dbt" {
  name           = "${var.name}-dbt"
  description    = "dbt on Athena: the quality gate and Gold"
  service_role   = var.role_arns["dbt"]
  build_timeout  = 60
  encryption_key = var.lake_key_arn

  # Two builds at once would write the same tables. CodeBuild refuses the second; the state machine tries again.
  concurrent_build_limit = 1

  artifacts {
    type = "NO_ARTIFACTS"
  }

  source {
    type      = "S3"
    location  = "${var.buckets["scripts"]}/releases/${var.release}/repository.zip"
    buildspec = file("${path.module}/buildspec.yml")
  }

  environment {
    type         = "LINUX_CONTAINER"
    image        = "aws/codebuild/amazonlinux2-x86_64-standard:5.0"
    compute_type = "BUILD_GENERAL1_SMALL"

    dynamic "environment_variable" {
      for_each = {
        ATHENA_DATA_DIR    = "s3://${var.buckets["gold"]}/"
        ATHENA_STAGING_DIR = "s3://${var.buckets["athena-results"]}/data-engineering/"
        ATHENA_WORKGROUP   = var.workgroup
        DBT_COMMAND        = "dbt debug"
        DBT_TARGET         = "athena"
      }

      content {
        name  = environment_variable.key
        value = environment_variable.value
      }
    }
  }

  logs_config {
    cloudwatch_logs {
      group_name = aws_cloudwatch_log_group.dbt.name
    }
  }
}
