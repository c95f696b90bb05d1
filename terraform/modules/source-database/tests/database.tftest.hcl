mock_provider "aws" {}

variables {
  allowed_security_group_id = "sg-1"
  kms_key_arn               = "arn:aws:kms:eu-central-1:123456789012:key/operations"
  name                      = "lakehouse-test"
  subnet_ids                = ["subnet-1", "subnet-2"]
  vpc_id                    = "vpc-1"
}

run "only_the_replication_instance_may_connect" {
  command = plan

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.replication.referenced_security_group_id == "sg-1" &&
      aws_vpc_security_group_ingress_rule.replication.from_port == 5432 && aws_vpc_security_group_ingress_rule.replication.to_port == 5432
    )
    error_message = "Somebody else may reach the database, or another port."
  }
}

run "private_encrypted_and_ready_for_replication" {
  command = plan

  assert {
    condition = (
      !aws_db_instance.this.publicly_accessible && aws_db_instance.this.storage_encrypted &&
      aws_db_instance.this.manage_master_user_password && aws_db_instance.this.deletion_protection &&
      !aws_db_instance.this.skip_final_snapshot
    )
    error_message = "The database is public, unencrypted, has a password in the state, or can be deleted by mistake."
  }

  assert {
    condition = {
      for parameter in aws_db_parameter_group.this.parameter : parameter.name => parameter.value
    } == { "rds.logical_replication" = "1", "rds.force_ssl" = "1", "max_slot_wal_keep_size" = "20480" }
    error_message = "Replication needs logical decoding; a slot must not fill the disk."
  }
}
