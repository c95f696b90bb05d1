# One role a service. Who may assume it, and on whose behalf: without the condition any account's
# resources of that service could borrow the role (the confused deputy).
locals {
  services = {
    dms-target = {
      principal = "dms.amazonaws.com"
      source    = "arn:aws:dms:${local.here}:*"
    }
    # An endpoint's secret is read by DMS's principal of the region (DMS user guide, "Using secrets to access endpoints").
    dms-secret = {
      principal = "dms.${var.region}.amazonaws.com"
      source    = "arn:aws:dms:${local.here}:*"
    }
    crawler = {
      principal = "glue.amazonaws.com"
      source    = "arn:aws:glue:${local.here}:crawler/${var.name}-*"
    }
    silver = {
      principal = "glue.amazonaws.com"
      source    = "arn:aws:glue:${local.here}:job/${var.name}-silver-*"
    }
    dbt = {
      principal = "codebuild.amazonaws.com"
      source    = "arn:aws:codebuild:${local.here}:project/${var.name}-dbt"
    }
    pipeline = {
      principal = "states.amazonaws.com"
      source    = "arn:aws:states:${local.here}:stateMachine:${var.name}-pipeline"
    }
    schedule = {
      principal = "scheduler.amazonaws.com"
      source    = "arn:aws:scheduler:${local.here}:schedule-group/${var.name}"
    }
    lake-location = {
      principal = "lakeformation.amazonaws.com"
      source    = "arn:aws:lakeformation:${local.here}:*"
    }
  }
}

resource "aws_iam_role" "service" {
  for_each = local.services

  name = "${var.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = each.value.principal }
      Action    = each.key == "lake-location" ? ["sts:AssumeRole", "sts:SetContext"] : ["sts:AssumeRole"]
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike      = { "aws:SourceArn" = each.value.source }
      }
    }]
  })
}

resource "aws_iam_role_policy" "service" {
  for_each = local.services

  name   = each.key
  role   = aws_iam_role.service[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements[each.key] })
}
