mock_provider "aws" {}

variables {
  buckets        = { for layer in ["bronze", "silver", "gold", "scripts"] : layer => "lakehouse-test-${layer}" }
  databases      = { bronze = "lakehouse_bronze", silver = "lakehouse_silver", gold = "lakehouse_gold", staging = "lakehouse_staging" }
  lake_key_arn   = "arn:aws:kms:eu-central-1:123456789012:key/lake"
  name           = "lakehouse-test"
  region         = "eu-central-1"
  release        = "0.1.0"
  role_arns      = { crawler = "arn:aws:iam::123456789012:role/crawler", silver = "arn:aws:iam::123456789012:role/silver" }
  source_schemas = ["public"]
  tables         = ["customer", "order"]
}

run "one_job_a_table" {
  command = plan

  assert {
    condition     = toset(keys(aws_glue_job.silver)) == toset(["customer", "order"])
    error_message = "Each Silver table has a job."
  }

  assert {
    condition = alltrue([
      for table, job in aws_glue_job.silver :
      job.default_arguments["--table"] == table && job.glue_version == "5.0" && job.worker_type == "G.1X" &&
      job.number_of_workers == 5 && job.timeout == 60 && job.max_retries == 1 &&
      job.default_arguments["--enable-auto-scaling"] == "true" && job.default_arguments["--datalake-formats"] == "hudi" &&
      endswith(job.default_arguments["--extra-py-files"], "/dependencies.zip") &&
      job.default_arguments["--catalog-database"] == "lakehouse_silver" &&
      endswith(job.default_arguments["--extra-jars"], "/hudi-aws-0.15.0.jar") &&
      strcontains(job.default_arguments["--conf"], "spark.hoodie.aws.glue.region=eu-central-1") &&
      one(job.execution_property).max_concurrent_runs == 1
    ])
    error_message = "A job differs from the plan: Glue 5.0, G.1X, up to 5 workers, 60 minutes, 1 retry, Hudi, one run at a time."
  }
}

run "jobs_write_with_the_key" {
  command = plan

  assert {
    condition = (
      one(one(aws_glue_security_configuration.this.encryption_configuration).s3_encryption).s3_encryption_mode == "SSE-KMS" &&
      one(one(aws_glue_security_configuration.this.encryption_configuration).s3_encryption).kms_key_arn == "arn:aws:kms:eu-central-1:123456789012:key/lake" &&
      alltrue([for job in values(aws_glue_job.silver) : job.security_configuration == "lakehouse-test"])
    )
    error_message = "A job writes to S3 without the lake's key."
  }
}

run "the_crawler_sees_bronze_only" {
  command = plan

  assert {
    condition     = toset(aws_glue_crawler.bronze.s3_target[*].path) == toset(["s3://lakehouse-test-bronze/public/"])
    error_message = "A crawler over Hudi files would show old versions of rows."
  }

  assert {
    condition     = aws_glue_crawler.bronze.schedule == "cron(0 * * * ? *)"
    error_message = "The crawler runs every hour."
  }
}

run "rejects_a_release_that_is_no_version" {
  command = plan

  variables {
    release = "latest"
  }

  expect_failures = [var.release]
}

run "rejects_one_worker" {
  command = plan

  variables {
    max_workers = 1
  }

  expect_failures = [var.max_workers]
}
