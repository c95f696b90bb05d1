variable "account_id" {
  description = "AWS account of the catalog."
  type        = string
}

variable "admin_arns" {
  description = "Principals that run Terraform; Lake Formation obeys only its administrators."
  type        = set(string)

  validation {
    condition     = alltrue([for arn in var.admin_arns : can(regex("^arn:aws:iam::[0-9]{12}:(role|user|root)", arn))])
    error_message = "admin_arns must be ARNs of IAM roles or users. A session's ARN (arn:aws:sts::...:assumed-role/...) does not work: name its role."
  }
}

variable "bucket_arns" {
  description = "ARN of each bucket by layer."
  type        = map(string)
}

variable "databases" {
  description = "Glue databases by layer."
  type        = map(string)
}

variable "grant_tables" {
  description = "Whether to grant on tables. They exist after the first pipeline run; Lake Formation refuses grants on others."
  type        = bool
}

variable "lake_key_arn" {
  description = "Key of the buckets."
  type        = string
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "operations_role_arns" {
  description = "Service roles that write through IAM and need a data location: silver, dbt, lake-location, crawler."
  type        = map(string)
}

variable "people" {
  description = "IAM principals that may take each role: admin, engineer, analyst. Empty: whoever the account's own IAM lets."
  type = object({
    admin    = optional(set(string), [])
    engineer = optional(set(string), [])
    analyst  = optional(set(string), [])
  })
  default = {}
}

variable "people_grants" {
  description = "What each role of people reads, by layer: \"*\" for all of it, or a map of tables to lists of columns."
  type        = any

  validation {
    condition     = toset(keys(var.people_grants)) == toset(["admin", "analyst", "engineer"])
    error_message = "Grants are for the roles admin, analyst and engineer; another one would have no role in IAM."
  }
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "results_bucket" {
  description = "Bucket of the query results."
  type        = string
}

variable "row_filter" {
  description = "Condition of a tenant's rows; {tenant_id} is the place of its id."
  type        = string

  validation {
    condition     = strcontains(var.row_filter, "tenant_id = '{tenant_id}'")
    error_message = "The row filter must compare the column tenant_id with {tenant_id}: all tenants would read the same rows."
  }
}

variable "tenant_tables" {
  description = "Gold tables that tenants may read, with their columns."
  type        = map(list(string))

  validation {
    condition     = alltrue([for columns in values(var.tenant_tables) : contains(columns, "tenant_id")])
    error_message = "Every tenant-facing table needs a column tenant_id: the row filter compares it."
  }
}

variable "tenants" {
  description = "Registered tenants by slug: id as in the source's table core_tenant, and the IAM principals of their analysts."
  type = map(object({
    id         = string
    principals = optional(set(string), [])
  }))

  validation {
    condition     = alltrue([for slug in keys(var.tenants) : can(regex("^[a-z][a-z0-9-]{1,30}$", slug))])
    error_message = "A tenant's slug must be 2 to 31 lower-case letters, digits or hyphens: it is part of role and workgroup names."
  }

  validation {
    condition = alltrue([
      for tenant in values(var.tenants) :
      can(regex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", tenant.id))
    ])
    error_message = "A tenant's id must be a lower-case UUID, as in core_tenant.id: it stands in the row filter."
  }

  validation {
    condition     = length(distinct([for tenant in values(var.tenants) : tenant.id])) == length(var.tenants)
    error_message = "Two tenants have the same id: one would read the other's rows."
  }

  validation {
    condition = alltrue(flatten([
      for tenant in values(var.tenants) : [for arn in tenant.principals : can(regex("^arn:aws:iam::[0-9]{12}:(role|user)/", arn))]
    ]))
    error_message = "A tenant's principals must be ARNs of IAM roles or users; a wildcard or a whole account is refused."
  }
}
