variable "buckets" {
  description = "Name of each bucket by layer."
  type        = map(string)
}

variable "crawl_schedule" {
  description = "When the crawler looks for new Bronze tables and columns."
  type        = string
  default     = "cron(0 * * * ? *)"
}

variable "databases" {
  description = "Glue databases by layer: bronze, silver, gold, staging."
  type        = map(string)
}

variable "lake_key_arn" {
  description = "Key of the buckets and of what jobs write beside them."
  type        = string
}

variable "max_workers" {
  description = "Workers that a job may grow to; a G.1X worker is one DPU."
  type        = number
  default     = 5

  validation {
    condition     = var.max_workers >= 2 && var.max_workers <= 100
    error_message = "max_workers must be 2 to 100: a Glue Spark job needs a driver and a worker."
  }
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "release" {
  description = "Version of the wheel that jobs run; its files lie under releases/<release>/ in the scripts bucket."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.release))
    error_message = "release must be a version such as 0.1.0: jobs read releases/<release>/ in the scripts bucket."
  }
}

variable "role_arns" {
  description = "Roles crawler and silver of module iam."
  type        = map(string)
}

variable "source_schemas" {
  description = "Schemas of the source, each a folder of Bronze."
  type        = set(string)
}

variable "tables" {
  description = "Silver tables; each gets a job."
  type        = set(string)
}
