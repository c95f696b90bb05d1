variable "account_id" {
  description = "AWS account; part of every bucket name, because bucket names are global."
  type        = string
}

variable "force_destroy" {
  description = "Whether destroy may delete buckets that hold data. Only for environments that can be thrown away."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "Key that encrypts every bucket but the log bucket."
  type        = string
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,29}$", var.name))
    error_message = "name must be 3 to 30 lower-case letters, digits or hyphens, beginning with a letter: it is part of bucket names."
  }
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "retention" {
  description = "Per bucket: days after which objects move to a storage class, expire, and lose their old versions."
  type = map(object({
    transitions     = optional(map(number), {})
    expire_days     = optional(number)
    noncurrent_days = optional(number, 30)
  }))
  default = {
    bronze         = { transitions = { STANDARD_IA = 90, GLACIER = 180 } }
    silver         = { transitions = { STANDARD_IA = 180 } }
    gold           = { transitions = { STANDARD_IA = 365 } }
    scripts        = { noncurrent_days = 90 }
    athena-results = { expire_days = 30, noncurrent_days = 7 }
    logs           = { expire_days = 400 }
  }

  validation {
    condition = toset(keys(var.retention)) == toset(
      ["athena-results", "bronze", "gold", "logs", "scripts", "silver"]
    )
    error_message = "retention must name exactly the buckets athena-results, bronze, gold, logs, scripts and silver."
  }

  validation {
    condition = alltrue(flatten([
      for rule in values(var.retention) : [for days in values(rule.transitions) : days >= 30]
    ]))
    error_message = "S3 moves objects to another storage class after 30 days at the earliest."
  }
}
