mock_provider "aws" {
  mock_resource "aws_iam_role" {
    override_during = plan
    defaults        = { arn = "arn:aws:iam::123456789012:role/mock" }
  }
  mock_resource "aws_lakeformation_resource" {
    override_during = plan
    defaults        = { arn = "arn:aws:s3:::mock" }
  }
}

variables {
  account_id     = "123456789012"
  admin_arns     = ["arn:aws:iam::123456789012:role/terraform"]
  bucket_arns    = { gold = "arn:aws:s3:::gold", silver = "arn:aws:s3:::silver" }
  databases      = { bronze = "lakehouse_bronze", silver = "lakehouse_silver", gold = "lakehouse_gold", staging = "lakehouse_staging" }
  grant_tables   = true
  lake_key_arn   = "arn:aws:kms:eu-central-1:123456789012:key/lake"
  name           = "lakehouse-test"
  region         = "eu-central-1"
  results_bucket = "results"
  operations_role_arns = {
    for service in ["silver", "dbt", "lake-location", "crawler"] : service => "arn:aws:iam::123456789012:role/${service}"
  }
  people_grants = {
    admin    = { gold = "*", silver = "*" }
    analyst  = { gold = "*", silver = { customer = ["id", "tenant_id", "is_active"] } }
    engineer = { gold = "*", silver = "*" }
  }
  row_filter    = "tenant_id = '{tenant_id}'"
  tenant_tables = { revenue = ["tenant_id", "dt"], funnel = ["tenant_id", "hour"] }
  tenants = {
    ann = { id = "00000000-0000-4000-8000-00000000000a" }
    bob = { id = "00000000-0000-4000-8000-00000000000b", principals = ["arn:aws:iam::210987654321:role/bob"] }
  }
}

run "one_filter_and_one_grant_a_tenant_and_table" {
  command = plan

  assert {
    condition = {
      for key, filter in aws_lakeformation_data_cells_filter.tenant :
      key => one(one(filter.table_data).row_filter).filter_expression
      } == {
      "ann.funnel"  = "tenant_id = '00000000-0000-4000-8000-00000000000a'"
      "ann.revenue" = "tenant_id = '00000000-0000-4000-8000-00000000000a'"
      "bob.funnel"  = "tenant_id = '00000000-0000-4000-8000-00000000000b'"
      "bob.revenue" = "tenant_id = '00000000-0000-4000-8000-00000000000b'"
    }
    error_message = "A tenant lacks a filter or reads another's rows."
  }

  assert {
    condition     = keys(aws_lakeformation_permissions.tenant_rows) == keys(aws_lakeformation_data_cells_filter.tenant)
    error_message = "A filter without a grant, or a grant without a filter."
  }

  assert {
    condition = alltrue([
      for key, grant in aws_lakeformation_permissions.tenant_rows :
      length(grant.data_cells_filter) == 1 && length(grant.table) == 0 && length(grant.table_with_columns) == 0 &&
      startswith(grant.data_cells_filter[0].name, "${split(".", key)[0]}_") && toset(grant.permissions) == toset(["SELECT"])
    ])
    error_message = "A tenant is granted a whole table, or another tenant's filter."
  }
}

run "an_unregistered_tenant_has_nothing" {
  command = plan

  variables {
    tenants = {}
  }

  assert {
    condition = (
      length(aws_iam_role.tenant) == 0 && length(aws_lakeformation_permissions.tenant_rows) == 0 &&
      length(aws_lakeformation_permissions.tenant_database) == 0 && length(aws_lakeformation_data_cells_filter.tenant) == 0
    )
    error_message = "Something is granted to nobody's tenant."
  }
}

run "a_tenant_role_reads_no_data_from_s3" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for slug, policy in aws_iam_role_policy.tenant : [
        for s in jsondecode(policy.policy).Statement : [
          for resource in flatten([s.Resource]) : startswith(resource, "arn:aws:s3:::results/tenants/${slug}/")
        ] if anytrue([for action in flatten([s.Action]) : endswith(action, "Object")])
      ]
    ]))
    error_message = "A tenant's role reads or writes objects other than its own results: it could go around the filters."
  }

  assert {
    condition = alltrue([
      for slug, policy in aws_iam_role_policy.tenant : [
        for s in jsondecode(policy.policy).Statement : s.Resource if s.Sid == "OwnWorkgroup"
      ] == ["arn:aws:athena:eu-central-1:123456789012:workgroup/lakehouse-test-tenant-${slug}"]
    ])
    error_message = "A tenant may query in another workgroup, whose results it could read."
  }

  assert {
    condition     = alltrue([for policy in values(aws_iam_role_policy.tenant) : !strcontains(policy.policy, "lakehouse_silver")])
    error_message = "Tenants see Gold only."
  }
}

run "a_persons_role_reads_no_data_from_s3_either" {
  command = plan

  variables {
    people = { analyst = ["arn:aws:iam::123456789012:role/analytics"] }
  }

  assert {
    condition = jsonencode({
      for person, policy in aws_iam_role_policy.person : person => distinct(flatten([
        for s in jsondecode(policy.policy).Statement : s.Resource if anytrue([for action in flatten([s.Action]) : endswith(action, "Object")])
      ]))
      }) == jsonencode({
      admin    = ["arn:aws:s3:::results/data-engineering/*"]
      analyst  = ["arn:aws:s3:::results/analytics-team/*"]
      engineer = ["arn:aws:s3:::results/data-engineering/*"]
    })
    error_message = "A person reads or writes objects other than results: they could go around the column lists."
  }

  assert {
    condition = alltrue(flatten([
      for policy in concat(values(aws_iam_role_policy.person), values(aws_iam_role_policy.tenant)) : [
        for s in jsondecode(policy.policy).Statement : [
          for action in flatten([s.Action]) :
          !strcontains(action, "*") && (s.Resource != "*" || action == "lakeformation:GetDataAccess")
        ]
      ]
    ]))
    error_message = "A policy names actions with a wildcard, or resources where it could name them."
  }

  assert {
    condition = {
      for person, role in aws_iam_role.person : person => jsondecode(role.assume_role_policy).Statement[0].Principal.AWS
      } == {
      admin    = ["arn:aws:iam::123456789012:root"]
      analyst  = ["arn:aws:iam::123456789012:role/analytics"]
      engineer = ["arn:aws:iam::123456789012:root"]
    }
    error_message = "Somebody else than the named principals, or than this account's IAM lets, may take a person's role."
  }

  assert {
    condition = (
      aws_iam_role_policy_attachment.admin.role == "lakehouse-test-LakeFormationAdmin" &&
      aws_iam_role_policy_attachment.admin.policy_arn == "arn:aws:iam::aws:policy/AWSLakeFormationDataAdmin"
    )
    error_message = "Rights of an administrator go to another role."
  }
}

run "a_tenant_role_needs_the_tenants_id" {
  command = plan

  assert {
    condition = alltrue([
      for slug, role in aws_iam_role.tenant :
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["sts:ExternalId"] == var.tenants[slug].id
    ])
    error_message = "Whoever serves two tenants could be tricked into the wrong role."
  }

  assert {
    condition     = jsondecode(aws_iam_role.tenant["bob"].assume_role_policy).Statement[0].Principal.AWS == ["arn:aws:iam::210987654321:role/bob"]
    error_message = "Only the registered principals may take a tenant's role."
  }
}

run "people_see_what_the_policy_lists" {
  command = plan

  assert {
    condition = {
      for key, grant in aws_lakeformation_permissions.listed_columns : key => one(grant.table_with_columns).column_names
    } == { "analyst.silver.customer" = toset(["id", "tenant_id", "is_active"]) }
    error_message = "A listed table shows other columns than the policy says, or a table is missing."
  }

  assert {
    condition     = keys(aws_lakeformation_permissions.all_tables) == ["admin.gold", "admin.silver", "analyst.gold", "engineer.gold", "engineer.silver"]
    error_message = "A wildcard grant that the policy does not give would undo a column list."
  }
}

run "before_the_first_run_nothing_is_granted_on_tables" {
  command = plan

  variables {
    grant_tables = false
  }

  assert {
    condition     = length(aws_lakeformation_data_cells_filter.tenant) == 0 && length(aws_lakeformation_permissions.listed_columns) == 0
    error_message = "Lake Formation refuses grants on tables that do not exist."
  }
}

run "rejects_two_tenants_with_one_id" {
  command = plan

  variables {
    tenants = {
      ann = { id = "00000000-0000-4000-8000-00000000000a" }
      bob = { id = "00000000-0000-4000-8000-00000000000a" }
    }
  }

  expect_failures = [var.tenants]
}

run "rejects_an_id_that_would_change_the_filter" {
  command = plan

  variables {
    tenants = { ann = { id = "x' or '1'='1" } }
  }

  expect_failures = [var.tenants]
}

run "rejects_a_whole_account_as_tenant" {
  command = plan

  variables {
    tenants = { ann = { id = "00000000-0000-4000-8000-00000000000a", principals = ["*"] } }
  }

  expect_failures = [var.tenants]
}

run "rejects_a_slug_that_is_no_role_name" {
  command = plan

  variables {
    tenants = { "Ann & Co" = { id = "00000000-0000-4000-8000-00000000000a" } }
  }

  expect_failures = [var.tenants]
}

run "rejects_a_table_without_tenant_id" {
  command = plan

  variables {
    tenant_tables = { totals = ["month"] }
  }

  expect_failures = [var.tenant_tables]
}

run "rejects_a_filter_that_is_the_same_for_all_tenants" {
  command = plan

  variables {
    row_filter = "true"
  }

  expect_failures = [var.row_filter]
}

run "rejects_grants_for_a_role_that_nobody_can_take" {
  command = plan

  variables {
    people_grants = { auditor = { gold = "*" } }
  }

  expect_failures = [var.people_grants]
}

run "rejects_a_session_as_administrator" {
  command = plan

  variables {
    admin_arns = ["arn:aws:sts::123456789012:assumed-role/terraform/me"]
  }

  expect_failures = [var.admin_arns]
}
