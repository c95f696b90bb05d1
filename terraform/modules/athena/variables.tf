variable "catalog_database" {
  description = "Glue database that named queries run in."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts query results."
  type        = string
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "queries" {
  description = "SQL of the named queries of analytics-team, by name."
  type        = map(string)
  default     = {}
}

variable "results_bucket" {
  description = "Bucket of the query results."
  type        = string
}

variable "scan_limit_bytes" {
  description = "Bytes that one query may scan before Athena cancels it; 1 TiB costs about 5 USD."
  type        = number
  default     = 1099511627776

  validation {
    condition     = var.scan_limit_bytes >= 10485760
    error_message = "scan_limit_bytes must be at least 10485760 (10 MB), which is what Athena allows."
  }
}

variable "tenants" {
  description = "Registered tenants by slug; each gets a workgroup with results of its own."
  type        = set(string)
}
