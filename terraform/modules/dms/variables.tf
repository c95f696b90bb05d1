variable "bronze_bucket" {
  description = "Bucket that receives the Parquet files."
  type        = string
}

variable "engine_version" {
  description = "DMS engine version; 3.5.1 is the first for PostgreSQL 15."
  type        = string
  default     = "3.5.4"
}

variable "instance_class" {
  description = "Size of the replication instance."
  type        = string
  default     = "dms.t3.medium"

  validation {
    condition     = can(regex("^dms\\.", var.instance_class))
    error_message = "instance_class must be a DMS class, such as dms.t3.medium."
  }
}

variable "lake_key_arn" {
  description = "Key of the Bronze bucket."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which task logs are kept."
  type        = number
  default     = 90
}

variable "multi_az" {
  description = "Whether a standby instance runs in a second zone."
  type        = bool
  default     = false
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "operations_key_arn" {
  description = "Key of the task's log group and of the instance's disk."
  type        = string
}

variable "postgresql_settings" {
  description = "PostgreSQL endpoint settings under their DMS names (PostgreSQLSettings)."
  type        = any
}

variable "role_arns" {
  description = "Roles dms-target and dms-secret of module iam."
  type        = map(string)
}

variable "s3_settings" {
  description = "S3 endpoint settings under their DMS names (S3Settings)."
  type        = any
}

variable "secret_recovery_days" {
  description = "Days for which a deleted secret can be restored; 0 deletes it at once."
  type        = number
  default     = 30
}

variable "security_group_id" {
  description = "Security group of the replication instance."
  type        = string
}

variable "database" {
  description = "Source database: address, port, name, and the user that replicates (see docs/DEPLOYMENT.md)."
  type = object({
    host     = string
    port     = optional(number, 5432)
    database = string
    username = optional(string, "dms")
  })
}

variable "source_password" {
  description = "Password of the replicating user. Goes to Secrets Manager only; it is in no plan and in no state."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "source_password_version" {
  description = "Count it up to store source_password anew."
  type        = number
  default     = 1
}

variable "ssl_mode" {
  description = "TLS to the source. verify-full also checks the server's name and needs source_ca_pem."
  type        = string
  default     = "require"

  validation {
    condition     = contains(["require", "verify-ca", "verify-full"], var.ssl_mode)
    error_message = "ssl_mode must be require, verify-ca or verify-full: data never travels unencrypted."
  }
}

variable "source_ca_pem" {
  description = "Certificate of the authority that signed the source's certificate, for verify-ca and verify-full."
  type        = string
  default     = null

  validation {
    condition     = var.ssl_mode == "require" || var.source_ca_pem != null
    error_message = "ssl_mode verify-ca and verify-full need source_ca_pem, else there is nothing to check against."
  }
}

variable "start_task" {
  description = "Whether Terraform starts the task, and restarts it after a change. Off: the runbook starts it."
  type        = bool
  default     = false
}

variable "subnet_ids" {
  description = "Private subnets in two zones or more."
  type        = list(string)
}

variable "table_mappings" {
  description = "Table mappings as JSON; generated from the contracts."
  type        = string

  validation {
    condition     = can(length(jsondecode(var.table_mappings).rules)) && try(length(jsondecode(var.table_mappings).rules) > 0, false)
    error_message = "table_mappings must be JSON with at least one rule; run `make generate`."
  }
}

variable "task_settings" {
  description = "Task settings as JSON, all explicit."
  type        = string

  validation {
    condition     = can(jsondecode(var.task_settings).TargetMetadata)
    error_message = "task_settings must be JSON with DMS's sections, at least TargetMetadata."
  }

  validation {
    condition     = !strcontains(var.task_settings, "CloudWatchLogGroup")
    error_message = "task_settings must not carry Logging.CloudWatchLogGroup or CloudWatchLogStream: DMS sets them, and refuses them as input."
  }
}
