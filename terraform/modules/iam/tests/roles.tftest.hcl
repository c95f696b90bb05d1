mock_provider "aws" {}

variables {
  account_id = "123456789012"
  bucket_arns = {
    for layer in ["bronze", "silver", "gold", "scripts", "athena-results", "logs"] :
    layer => "arn:aws:s3:::lakehouse-test-${layer}-123456789012"
  }
  databases          = { bronze = "lakehouse_bronze", silver = "lakehouse_silver", gold = "lakehouse_gold", staging = "lakehouse_staging" }
  lake_key_arn       = "arn:aws:kms:eu-central-1:123456789012:key/lake"
  name               = "lakehouse-test"
  operations_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/operations"
  region             = "eu-central-1"
  source_secret_arn  = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:lakehouse-test/source-database-AbCdEf"
  topic_arn          = "arn:aws:sns:eu-central-1:123456789012:lakehouse-test-alerts"
}

run "no_role_may_do_everything" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for policy in values(aws_iam_role_policy.service) : [
        for s in jsondecode(policy.policy).Statement : [for action in flatten([s.Action]) : !strcontains(action, "*")]
      ]
    ]))
    error_message = "A policy names actions with a wildcard."
  }

  # These know no resources; everything else has to name its own.
  assert {
    condition = alltrue(flatten([
      for policy in values(aws_iam_role_policy.service) : [
        for s in jsondecode(policy.policy).Statement : [
          for action in flatten([s.Action]) :
          startswith(action, "logs:") || contains(["cloudwatch:PutMetricData", "lakeformation:GetDataAccess"], action)
        ] if s.Resource == "*"
      ]
    ]))
    error_message = "An action that could name its resource is allowed on all of them."
  }
}

run "no_service_lends_its_role_to_another_account" {
  command = plan

  assert {
    condition = alltrue([
      for role in values(aws_iam_role.service) :
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012" &&
      strcontains(jsondecode(role.assume_role_policy).Statement[0].Condition.ArnLike["aws:SourceArn"], ":123456789012:")
    ]) && length(aws_iam_role.service) == 8
    error_message = "A role's trust lacks the condition against the confused deputy."
  }

  assert {
    condition = alltrue([
      for role in values(aws_iam_role.dms_account) :
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    ]) && length(aws_iam_role.dms_account) == 2
    error_message = "DMS's account roles serve another account."
  }
}

run "dms_account_roles_may_do_what_aws_says_they_need" {
  command = plan

  assert {
    condition = { for name, attached in aws_iam_role_policy_attachment.dms_account : name => attached.policy_arn } == {
      dms-vpc-role             = "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole"
      dms-cloudwatch-logs-role = "arn:aws:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole"
    }
    error_message = "DMS's account roles have other rights than AWS's own policies for them."
  }
}

run "each_layer_is_written_by_its_own_role_only" {
  command = plan

  assert {
    condition = jsonencode({
      for service, policy in aws_iam_role_policy.service : service => sort(flatten([
        for s in jsondecode(policy.policy).Statement : [
          for resource in flatten([s.Resource]) : regex("lakehouse-test-([a-z-]+)-1234", resource)[0]
        ] if contains(flatten([s.Action]), "s3:PutObject")
      ]))
      }) == jsonencode({
      crawler       = []
      dbt           = ["athena-results", "gold"]
      dms-secret    = []
      dms-target    = ["bronze"]
      lake-location = ["gold", "silver"]
      pipeline      = []
      schedule      = []
      silver        = ["silver"]
    })
    error_message = "A role may write a layer that is not its own."
  }
}

run "one_secret_is_readable_by_one_role" {
  command = plan

  assert {
    condition = [
      for service, policy in aws_iam_role_policy.service : service if strcontains(policy.policy, "secretsmanager:")
    ] == ["dms-secret"]
    error_message = "Only DMS reads the source's password."
  }
}

run "account_roles_can_be_left_to_another_root" {
  command = plan

  variables {
    create_dms_account_roles = false
  }

  assert {
    condition     = length(aws_iam_role.dms_account) == 0
    error_message = "The account has these roles already."
  }
}
