variable "account_id" {
  description = "AWS account."
  type        = string
}

variable "alert_emails" {
  description = "Addresses that alarms are sent to; each has to confirm once."
  type        = set(string)

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", address))])
    error_message = "alert_emails must be e-mail addresses."
  }
}

variable "audited_buckets" {
  description = "ARNs of buckets whose every read and write goes into the trail; priced per event."
  type        = list(string)
  default     = []
}

variable "budget_usd" {
  description = "Monthly cost in USD at which people are told: at 80 % of it, and when the forecast exceeds it."
  type        = number

  validation {
    condition     = var.budget_usd > 0
    error_message = "budget_usd must be above 0."
  }
}

variable "cost_anomaly_monitor" {
  description = "Whether to make a cost anomaly monitor. An account may have one for all services; many have it already."
  type        = bool
  default     = true
}

variable "dms" {
  description = "Replication instance and task as CloudWatch names them."
  type        = object({ instance_id = string, task_id = string, task_name = string })
}

variable "freshness_minutes" {
  description = "Minutes without a successful pipeline run after which the freshness alarm goes off."
  type        = number

  validation {
    condition     = var.freshness_minutes >= 5 && var.freshness_minutes <= 1440
    error_message = "freshness_minutes must be 5 to 1440: CloudWatch looks back one day at most."
  }
}

variable "job_names" {
  description = "Glue job of each Silver table."
  type        = map(string)
}

variable "kms_key_arn" {
  description = "Key of the topic and the trail."
  type        = string
}

variable "logs_bucket" {
  description = "Bucket of the trail."
  type        = string
}

variable "max_latency_seconds" {
  description = "Seconds that replication may lag behind the source."
  type        = number
  default     = 300
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "quarantine_percent" {
  description = "Percent of a table's rows, read within freshness_minutes, that may go to the quarantine before people are told."
  type        = number
  # A batch that exceeds its contract's limit, 1 % by default, stops the table: the alarm has to come before.
  default = 0.1

  validation {
    condition     = var.quarantine_percent >= 0 && var.quarantine_percent < 100
    error_message = "quarantine_percent must be at least 0 and below 100."
  }
}

variable "rds_identifier" {
  description = "Source database when it is an RDS instance of this account and region; its slot's lag is then watched."
  type        = string
  default     = null
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "runbook" {
  description = "Where the runbook is read; alarms link to its entries."
  type        = string
  default     = "docs/RUNBOOK.md"
}

variable "state_machine_arn" {
  description = "The pipeline."
  type        = string
}

variable "workgroups" {
  description = "Athena workgroups whose scanned bytes are watched."
  type        = map(string)
}

variable "scan_alarm_bytes" {
  description = "Bytes that one workgroup may scan in a day before people are told."
  type        = number
  default     = 1099511627776
}
