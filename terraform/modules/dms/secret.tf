resource "aws_secretsmanager_secret" "source" {
  #checkov:skip=CKV2_AWS_57:the password belongs to the source; source_password_version stores a new one
  name        = "${var.name}/source-database"
  description = "How DMS reaches the source database of ${var.name}"
  kms_key_id  = var.operations_key_arn
  # A dev environment that was destroyed can be made again at once.
  recovery_window_in_days = var.secret_recovery_days
}

resource "aws_secretsmanager_secret_version" "source" {
  secret_id = aws_secretsmanager_secret.source.id
  # Write-only: Terraform sends it and keeps no copy.
  secret_string_wo = jsonencode({
    host     = var.database.host
    port     = var.database.port
    username = var.database.username
    password = var.source_password
  })
  secret_string_wo_version = var.source_password_version
}
