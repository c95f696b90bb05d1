resource "aws_dms_replication_subnet_group" "this" {
  replication_subnet_group_id          = var.name
  replication_subnet_group_description = "Private subnets of ${var.name}"
  subnet_ids                           = var.subnet_ids
}

resource "aws_dms_replication_instance" "this" {
  replication_instance_id      = var.name
  replication_instance_class   = var.instance_class
  engine_version               = var.engine_version
  allocated_storage            = 50
  multi_az                     = var.multi_az
  publicly_accessible          = false
  auto_minor_version_upgrade   = true
  allow_major_version_upgrade  = false
  apply_immediately            = true
  preferred_maintenance_window = "sun:03:00-sun:04:00"
  kms_key_arn                  = var.operations_key_arn
  replication_subnet_group_id  = aws_dms_replication_subnet_group.this.id
  vpc_security_group_ids       = [var.security_group_id]

  depends_on = [aws_cloudwatch_log_group.task]
}

# DMS names the group after the instance; made here, it has a retention and a key.
resource "aws_cloudwatch_log_group" "task" {
  name              = "dms-tasks-${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.operations_key_arn
}

resource "aws_dms_certificate" "source" {
  count = var.source_ca_pem == null ? 0 : 1

  certificate_id  = "${var.name}-source"
  certificate_pem = var.source_ca_pem
}

resource "aws_dms_endpoint" "source" {
  endpoint_id                     = "${var.name}-source"
  endpoint_type                   = "source"
  engine_name                     = "postgres"
  database_name                   = var.database.database
  ssl_mode                        = var.ssl_mode
  certificate_arn                 = one(aws_dms_certificate.source[*].certificate_arn)
  secrets_manager_arn             = aws_secretsmanager_secret.source.arn
  secrets_manager_access_role_arn = var.role_arns["dms-secret"]
  kms_key_arn                     = var.operations_key_arn

  postgres_settings {
    capture_ddls                 = var.postgresql_settings.CaptureDdls
    fail_tasks_on_lob_truncation = var.postgresql_settings.FailTasksOnLobTruncation
    heartbeat_enable             = var.postgresql_settings.HeartbeatEnable
    heartbeat_frequency          = var.postgresql_settings.HeartbeatFrequency
    heartbeat_schema             = var.postgresql_settings.HeartbeatSchema
    map_boolean_as_boolean       = var.postgresql_settings.MapBooleanAsBoolean
    map_jsonb_as_clob            = var.postgresql_settings.MapJsonbAsClob
    plugin_name                  = var.postgresql_settings.PluginName
  }

  # DMS reads the secret when it tests the endpoint.
  depends_on = [aws_secretsmanager_secret_version.source]
}

resource "aws_dms_s3_endpoint" "bronze" {
  endpoint_id             = "${var.name}-bronze"
  endpoint_type           = "target"
  bucket_name             = var.bronze_bucket
  service_access_role_arn = var.role_arns["dms-target"]

  kms_key_arn = var.operations_key_arn

  encryption_mode                   = "SSE_KMS"
  server_side_encryption_kms_key_id = var.lake_key_arn

  add_column_name                             = var.s3_settings.AddColumnName
  cdc_inserts_and_updates                     = var.s3_settings.CdcInsertsAndUpdates
  cdc_inserts_only                            = var.s3_settings.CdcInsertsOnly
  cdc_max_batch_interval                      = var.s3_settings.CdcMaxBatchInterval
  cdc_min_file_size                           = var.s3_settings.CdcMinFileSize
  compression_type                            = var.s3_settings.CompressionType
  csv_delimiter                               = var.s3_settings.CsvDelimiter
  csv_null_value                              = var.s3_settings.CsvNullValue
  csv_row_delimiter                           = var.s3_settings.CsvRowDelimiter
  data_format                                 = var.s3_settings.DataFormat
  date_partition_delimiter                    = var.s3_settings.DatePartitionDelimiter
  date_partition_enabled                      = var.s3_settings.DatePartitionEnabled
  date_partition_sequence                     = var.s3_settings.DatePartitionSequence
  enable_statistics                           = var.s3_settings.EnableStatistics
  encoding_type                               = var.s3_settings.EncodingType
  glue_catalog_generation                     = var.s3_settings.GlueCatalogGeneration
  include_op_for_full_load                    = var.s3_settings.IncludeOpForFullLoad
  max_file_size                               = var.s3_settings.MaxFileSize
  parquet_timestamp_in_millisecond            = var.s3_settings.ParquetTimestampInMillisecond
  parquet_version                             = var.s3_settings.ParquetVersion
  preserve_transactions                       = var.s3_settings.PreserveTransactions
  rfc_4180                                    = var.s3_settings.Rfc4180
  row_group_length                            = var.s3_settings.RowGroupLength
  timestamp_column_name                       = var.s3_settings.TimestampColumnName
  use_task_start_time_for_full_load_timestamp = var.s3_settings.UseTaskStartTimeForFullLoadTimestamp
}

resource "aws_dms_replication_task" "this" {
  replication_task_id       = var.name
  migration_type            = "full-load-and-cdc"
  replication_instance_arn  = aws_dms_replication_instance.this.replication_instance_arn
  source_endpoint_arn       = aws_dms_endpoint.source.endpoint_arn
  target_endpoint_arn       = aws_dms_s3_endpoint.bronze.endpoint_arn
  table_mappings            = var.table_mappings
  replication_task_settings = var.task_settings
  start_replication_task    = var.start_task
}
