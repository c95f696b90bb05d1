mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_group" {
    override_during = plan
    defaults        = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/lakehouse-test/vpc-flow" }
  }
}

variables {
  account_id  = "123456789012"
  kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  name        = "lakehouse-test"
  region      = "eu-central-1"
  source_cidr = "10.20.0.0/24"
  zones       = ["eu-central-1a", "eu-central-1b"]
}

run "private_by_default" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_internet_gateway.this) == 0 && length(aws_vpn_connection.source) == 0
    error_message = "There is a way to the internet that nobody asked for."
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["glue", "kms", "logs", "secretsmanager"])
    error_message = "DMS reaches secrets, keys and logs through endpoints."
  }

  assert {
    condition     = alltrue([for subnet in values(aws_subnet.private) : subnet.map_public_ip_on_launch != true])
    error_message = "A private subnet gives out public addresses."
  }
}

run "dms_may_connect_to_the_source_and_aws_only" {
  command = plan

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.replication_to_source.cidr_ipv4 == "10.20.0.0/24" &&
      aws_vpc_security_group_egress_rule.replication_to_source.from_port == 5432 &&
      aws_vpc_security_group_egress_rule.replication_to_endpoints.cidr_ipv4 == var.cidr
    )
    error_message = "The replication instance's ways out are wider than needed."
  }
}

run "flow_log_role_is_for_this_account_and_its_own_log" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role_policy.flow_log.policy).Statement == [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
      Resource = "arn:aws:logs:eu-central-1:123456789012:log-group:/lakehouse-test/vpc-flow:*"
    }]
    error_message = "The flow log's role may write other logs."
  }

  assert {
    condition     = jsondecode(aws_iam_role.flow_log.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Another account's flow log could borrow the role."
  }
}

run "a_public_source_gets_one_nat_gateway" {
  command = plan

  variables {
    nat         = true
    source_cidr = "203.0.113.7/32"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_eip.nat) == 1 && length(aws_route.private_nat) == 1
    error_message = "One gateway with one fixed address."
  }
}

run "a_vpn_routes_the_sources_range" {
  command = plan

  variables {
    vpn = { gateway_ip = "198.51.100.4", remote_cidr = "10.20.0.0/24" }
  }

  assert {
    condition     = aws_vpn_connection_route.source[0].destination_cidr_block == "10.20.0.0/24" && length(aws_route.source) == 1
    error_message = "The source's range is not routed through the VPN."
  }
}

run "rejects_one_zone" {
  command = plan

  variables {
    zones = ["eu-central-1a"]
  }

  expect_failures = [var.zones]
}

run "rejects_the_whole_internet_as_source" {
  command = plan

  variables {
    source_cidr = "0.0.0.0/0"
  }

  expect_failures = [var.source_cidr]
}

run "rejects_a_range_that_cannot_be_split" {
  command = plan

  variables {
    cidr = "10.0.0.0/27"
  }

  expect_failures = [var.cidr]
}
