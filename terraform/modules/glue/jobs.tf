locals {
  release_folder = "s3://${var.buckets["scripts"]}/releases/${var.release}"
  wheel          = "${local.release_folder}/tenant_lakehouse-${var.release}-py3-none-any.whl"

  # The wheel is installed without its dependencies: these are the ones that Glue does not have.
  dependencies = "${local.release_folder}/dependencies.zip"

  # Hudi's sync to the Glue catalog. It is not written whether Glue's own Hudi has it.
  jars = "${local.release_folder}/hudi-aws-0.15.0.jar"

  # Glue takes one --conf; further ones are chained inside its value. The session sets the rest.
  spark_settings = join(" --conf ", [
    "spark.serializer=org.apache.spark.serializer.KryoSerializer",
    "spark.hoodie.aws.glue.region=${var.region}",
  ])
}

resource "aws_glue_job" "silver" {
  for_each = var.tables

  name                   = "${var.name}-silver-${each.key}"
  description            = "Merges unread Bronze files of ${each.key} into Silver"
  role_arn               = var.role_arns["silver"]
  glue_version           = "5.0"
  execution_class        = "STANDARD"
  worker_type            = "G.1X"
  number_of_workers      = var.max_workers
  timeout                = 60
  max_retries            = 1
  security_configuration = aws_glue_security_configuration.this.name

  command {
    script_location = "${local.release_folder}/job.py"
    python_version  = "3"
  }

  # Two runs over one table would race for its Hudi commit; the second waits in the state machine.
  execution_property {
    max_concurrent_runs = 1
  }

  default_arguments = {
    "--table"  = each.key
    "--bronze" = "s3://${var.buckets["bronze"]}"
    "--silver" = "s3://${var.buckets["silver"]}"

    "--catalog-database" = var.databases["silver"]

    "--additional-python-modules"       = local.wheel
    "--python-modules-installer-option" = "--no-deps"
    "--extra-py-files"                  = local.dependencies
    "--extra-jars"                      = local.jars

    "--conf"                             = local.spark_settings
    "--datalake-formats"                 = "hudi"
    "--enable-auto-scaling"              = "true"
    "--enable-continuous-cloudwatch-log" = "true"
    "--enable-metrics"                   = "true"
    "--enable-observability-metrics"     = "true"
    "--job-bookmark-option"              = "job-bookmark-disable"
    "--TempDir"                          = "s3://${var.buckets["silver"]}/tmp/${each.key}/"
  }
}
