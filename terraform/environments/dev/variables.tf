variable "admin_arns" {
  description = "IAM roles or users that run Terraform here; they become Lake Formation administrators."
  type        = set(string)
}

variable "alert_emails" {
  description = "Addresses that alarms are sent to."
  type        = set(string)
  default     = []
}

variable "cost_anomaly_monitor" {
  description = "Whether to make a cost anomaly monitor for all services; an account may have one."
  type        = bool
  default     = true
}

variable "create_dms_account_roles" {
  description = "Whether to make dms-vpc-role and dms-cloudwatch-logs-role; false when the account has them."
  type        = bool
  default     = true
}

variable "emulated" {
  description = "Whether an AWS emulator is used (AWS_ENDPOINT_URL names it)."
  type        = bool
  default     = false
}

variable "grant_tables" {
  description = "Whether to grant on tables. Off for the first apply: the pipeline's first run makes the tables."
  type        = bool
  default     = false
}

variable "people" {
  description = "IAM principals that may take the roles admin, engineer and analyst."
  type        = map(set(string))
  default     = {}
}

variable "region" {
  description = "AWS region."
  type        = string
  default     = "eu-central-1"
}

variable "release" {
  description = "Version that jobs and dbt run; its files are in the scripts bucket."
  type        = string
  default     = "0.1.0"
}

variable "schedule_enabled" {
  description = "Whether the pipeline's schedule is on. Off until the first full load is in Bronze."
  type        = bool
  default     = false
}

variable "source_database" {
  description = "Where the source is; see the README of module platform."
  type        = any
}

variable "source_password" {
  description = "Password of the replicating user, from TF_VAR_source_password; kept in Secrets Manager only."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "source_password_version" {
  description = "Count it up to store source_password anew."
  type        = number
  default     = 1
}
