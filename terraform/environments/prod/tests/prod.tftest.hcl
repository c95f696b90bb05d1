mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
}

variables {
  admin_arns      = ["arn:aws:iam::123456789012:role/terraform"]
  grant_tables    = true
  source_password = "not a real one"
}

run "a_source_on_the_internet" {
  command = plan

  variables {
    source_database = {
      kind = "public", host = "db.example.com", cidr = "203.0.113.7/32", ssl_mode = "verify-full", ca_pem = "a certificate"
    }
  }

  assert {
    condition     = keys(module.platform.bucket_names) == ["athena-results", "bronze", "gold", "logs", "scripts", "silver"]
    error_message = "A layer has no bucket."
  }

  assert {
    condition     = module.platform.guards == { deletion_protection = true, force_destroy = false, multi_az = true, secret_recovery_days = 30 }
    error_message = "Production can be destroyed by mistake, or stands on one leg."
  }
}

run "a_source_made_here" {
  command = plan

  variables {
    source_database = { kind = "rds" }
  }

  assert {
    condition     = module.platform.nat_address == null
    error_message = "A database inside the VPC needs no way to the internet."
  }
}

run "a_source_behind_a_vpn" {
  command = plan

  variables {
    source_database = {
      kind = "vpn", host = "10.20.0.5", cidr = "10.20.0.0/24"
      vpn  = { gateway_ip = "198.51.100.4", remote_cidr = "10.20.0.0/24" }
    }
  }

  assert {
    condition     = module.platform.nat_address == null
    error_message = "A VPN needs no way to the internet."
  }
}
