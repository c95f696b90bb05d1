variable "buckets" {
  description = "Name of each bucket by layer."
  type        = map(string)
}

variable "job_names" {
  description = "Glue job of each Silver table."
  type        = map(string)
}

variable "kms_key_arn" {
  description = "Key of log groups."
  type        = string
}

variable "lake_key_arn" {
  description = "Key of build artefacts."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 90
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "parallel_jobs" {
  description = "Glue jobs that run at the same time."
  type        = number
  default     = 4

  validation {
    condition     = var.parallel_jobs >= 1 && var.parallel_jobs <= 40
    error_message = "parallel_jobs must be 1 to 40: an inline Map state runs at most 40 branches at once."
  }
}

variable "release" {
  description = "Version of the dbt project that runs; releases/<release>/repository.zip in the scripts bucket."
  type        = string
}

variable "role_arns" {
  description = "Roles dbt, pipeline and schedule of module iam."
  type        = map(string)
}

variable "schedule" {
  description = "When the pipeline runs, as a rate(...) or cron(...) expression in UTC."
  type        = string

  validation {
    condition     = can(regex("^(rate|cron)\\(.+\\)$", var.schedule))
    error_message = "schedule must be rate(...) or cron(...), such as rate(10 minutes)."
  }
}

variable "schedule_enabled" {
  description = "Whether the schedule is on. Off until the first full load is in Bronze."
  type        = bool
  default     = false
}

variable "topic_arn" {
  description = "Topic that is told when a run fails."
  type        = string
}

variable "workgroup" {
  description = "Athena workgroup of dbt."
  type        = string
}
