mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
}

variables {
  admin_arns        = ["arn:aws:iam::123456789012:role/terraform"]
  alert_emails      = []
  audit_data_access = false
  budget_usd        = 200
  grant_tables      = true
  name              = "lakehouse-test"
  pipeline          = { schedule = "rate(1 day)", enabled = false, freshness_minutes = 1440 }
  region            = "eu-central-1"
  release           = "0.1.0"
  repository        = "../../.."
  safety            = "disposable"
  source_database   = { kind = "private", host = "db.internal", cidr = "10.20.0.0/24" }
  source_password   = "not a real one"
  tenant_registry = {
    tables  = ["revenue_metrics", "tenant_summary"]
    tenants = { ann = { id = "00000000-0000-4000-8000-00000000000a" } }
  }
  zones = ["eu-central-1a", "eu-central-1b"]
}

run "contracts_and_registry_drive_it" {
  command = plan

  assert {
    condition     = keys(output.tenant_filters) == ["ann.revenue_metrics", "ann.tenant_summary"]
    error_message = "A filter for each registered tenant and tenant-facing table, and no other."
  }

  assert {
    condition     = length(module.definitions.tables) == length(fileset("../../../contracts", "*.odcs.yaml"))
    error_message = "Each contract is a table."
  }

  assert {
    condition     = !contains(module.definitions.policy.people.analyst.silver.customer, "email")
    error_message = "Personal columns come from the contracts, and analysts do not see them."
  }

  assert {
    condition     = contains(module.definitions.policy.tenant_tables.revenue_metrics, "tenant_id")
    error_message = "Marts and columns come from dbt's YAML."
  }
}

run "analyses_of_dbt_are_named_queries" {
  command = plan

  assert {
    condition     = contains(output.named_queries, "best_selling_products")
    error_message = "An analysis that only refers to models has to be there."
  }

  assert {
    condition = alltrue([
      for name in output.named_queries :
      strcontains(local.named_queries[name], "from lakehouse_gold.") && !strcontains(local.named_queries[name], "ref(")
    ])
    error_message = "A query still has dbt's templates in it, which Athena cannot run."
  }
}

run "the_slot_of_an_instance_that_exists_is_watched" {
  command = plan

  variables {
    source_database = { kind = "private", host = "db.internal", cidr = "10.20.0.0/24", rds_identifier = "shop" }
  }

  assert {
    condition     = module.monitoring.runbook_entries["replication-slot-lag"] == "replication-slot-grows"
    error_message = "CloudWatch knows the slot, and nobody watches it."
  }
}

run "rejects_a_registry_with_a_table_that_dbt_does_not_have" {
  command = plan

  variables {
    tenant_registry = { tables = ["no_such_mart"], tenants = {} }
  }

  expect_failures = [output.tenant_filters]
}

run "rejects_an_unknown_kind_of_source" {
  command = plan

  variables {
    source_database = { kind = "file", host = "x", cidr = "10.0.0.0/24" }
  }

  expect_failures = [var.source_database]
}

run "rejects_a_public_source_that_is_not_verified" {
  command = plan

  variables {
    source_database = { kind = "public", host = "db.example.com", cidr = "203.0.113.7/32" }
  }

  expect_failures = [var.source_database]
}

run "rejects_two_instances_as_source" {
  command = plan

  variables {
    source_database = { kind = "rds", rds_identifier = "shop" }
  }

  expect_failures = [var.source_database]
}

run "rejects_a_vpn_without_a_gateway" {
  command = plan

  variables {
    source_database = { kind = "vpn", host = "db.internal", cidr = "10.20.0.0/24" }
  }

  expect_failures = [var.source_database]
}

run "rejects_a_safety_that_is_neither" {
  command = plan

  variables {
    safety = "careful"
  }

  expect_failures = [var.safety]
}
