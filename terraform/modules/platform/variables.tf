variable "admin_arns" {
  description = "IAM roles or users that run Terraform here; they become Lake Formation administrators."
  type        = set(string)
}

variable "alert_emails" {
  description = "Addresses that alarms are sent to."
  type        = set(string)
}

variable "audit_data_access" {
  description = "Whether the trail records every read and write of Silver and Gold objects."
  type        = bool
}

variable "budget_usd" {
  description = "Monthly cost at which people are told."
  type        = number
}

variable "cost_anomaly_monitor" {
  description = "Whether to make a cost anomaly monitor for all services; an account may have one."
  type        = bool
  default     = true
}

variable "create_dms_account_roles" {
  description = "Whether to make the two roles that DMS looks for by name, once an account."
  type        = bool
  default     = true
}

variable "grant_tables" {
  description = "Whether to grant on tables; on after the first pipeline run has made them."
  type        = bool
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "people" {
  description = "IAM principals that may take the roles admin, engineer and analyst."
  type        = map(set(string))
  default     = {}
}

variable "pipeline" {
  description = "When the pipeline and the crawler run, whether the schedule is on, minutes of silence before an alarm."
  type = object({
    crawl             = optional(string, "cron(0 * * * ? *)")
    schedule          = string
    enabled           = bool
    freshness_minutes = number
  })
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "release" {
  description = "Version that jobs and dbt run."
  type        = string
}

variable "repository" {
  description = "Root folder of this repository."
  type        = string
}

variable "safety" {
  description = "What destroy may destroy: protect = production. disposable also deletes buckets with their data."
  type        = string

  validation {
    condition     = contains(["protect", "disposable"], var.safety)
    error_message = "safety must be protect or disposable."
  }
}

variable "sizes" {
  description = "Sizes that cost money."
  type = object({
    dms_class       = optional(string, "dms.t3.medium")
    glue_workers    = optional(number, 5)
    parallel_jobs   = optional(number, 4)
    multi_az        = optional(bool, false)
    endpoint_zones  = optional(number, 1)
    database_class  = optional(string, "db.t4g.medium")
    scan_limit      = optional(number, 1099511627776)
    log_retention   = optional(number, 90)
    key_window_days = optional(number, 30)
  })
  default = {}
}

variable "source_database" {
  description = "Where the source is. kind: private (reached inside the VPC), public (over the internet with TLS), vpn, or rds (made here)."
  type = object({
    kind     = string
    host     = optional(string)
    port     = optional(number, 5432)
    database = optional(string, "shop")
    username = optional(string, "dms")
    cidr     = optional(string)
    # Its RDS instance, if it has one in this account and region: CloudWatch then knows its slot.
    rds_identifier = optional(string)
    ssl_mode       = optional(string, "require")
    ca_pem         = optional(string)
    vpn = optional(object({
      gateway_ip  = string
      bgp_asn     = optional(number, 65000)
      remote_cidr = string
    }))
  })

  validation {
    condition     = contains(["private", "public", "vpn", "rds"], var.source_database.kind)
    error_message = "source_database.kind must be private, public, vpn or rds."
  }

  validation {
    condition     = var.source_database.kind == "rds" || (var.source_database.host != null && var.source_database.cidr != null)
    error_message = "source_database needs host and cidr (the address range that DMS may connect to), unless kind is rds."
  }

  validation {
    condition     = var.source_database.kind != "rds" || var.source_database.rds_identifier == null
    error_message = "source_database.rds_identifier names an instance that exists; kind rds makes its own."
  }

  validation {
    condition     = (var.source_database.kind == "vpn") == (var.source_database.vpn != null)
    error_message = "source_database.vpn belongs to kind vpn, and kind vpn needs it."
  }

  validation {
    condition     = var.source_database.kind != "public" || var.source_database.ssl_mode == "verify-full"
    error_message = "Over the internet the server has to prove who it is: set ssl_mode = \"verify-full\" and ca_pem."
  }
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

variable "start_task" {
  description = "Whether Terraform starts the DMS task and restarts it after a change."
  type        = bool
  default     = false
}

variable "tenant_registry" {
  description = "Tenants by slug and the Gold tables that they may read; the content of tenants.yaml."
  type = object({
    tables = set(string)
    tenants = map(object({
      id         = string
      principals = optional(set(string), [])
    }))
  })
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string
  default     = "10.40.0.0/20"
}

variable "zones" {
  description = "Availability zones, two or more."
  type        = list(string)
}
