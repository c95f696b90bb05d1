# A PostgreSQL server that is ready for logical replication, for those who have none yet.
resource "aws_db_subnet_group" "this" {
  name       = "${var.name}-source"
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.name}-source"
  description = "Source database of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-source" }
}

resource "aws_vpc_security_group_ingress_rule" "replication" {
  security_group_id            = aws_security_group.this.id
  description                  = "DMS replication instance"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = var.allowed_security_group_id
}

resource "aws_db_parameter_group" "this" {
  name   = "${var.name}-source"
  family = "postgres16"

  # wal_level=logical on RDS; takes effect at the next restart.
  parameter {
    name         = "rds.logical_replication"
    value        = "1"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "pending-reboot"
  }

  # A slot that nobody reads would fill the disk; beyond this many megabytes it is given up instead.
  parameter {
    name  = "max_slot_wal_keep_size"
    value = "20480"
  }
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_157:multi_az decides; dev does without
  #checkov:skip=CKV_AWS_118:needs a role and costs; turned on when a problem asks for it
  identifier                          = "${var.name}-source"
  engine                              = "postgres"
  engine_version                      = "16"
  instance_class                      = var.instance_class
  allocated_storage                   = 50
  max_allocated_storage               = 200
  storage_encrypted                   = true
  kms_key_id                          = var.kms_key_arn
  db_name                             = "shop"
  username                            = "shop_admin"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.kms_key_arn
  db_subnet_group_name                = aws_db_subnet_group.this.name
  parameter_group_name                = aws_db_parameter_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  publicly_accessible                 = false
  multi_az                            = var.multi_az
  backup_retention_period             = 7
  copy_tags_to_snapshot               = true
  auto_minor_version_upgrade          = true
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = var.kms_key_arn
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  deletion_protection                 = var.deletion_protection
  skip_final_snapshot                 = !var.deletion_protection
  final_snapshot_identifier           = var.deletion_protection ? "${var.name}-source-final" : null
}
