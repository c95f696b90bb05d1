variable "account_id" {
  description = "AWS account that the VPC belongs to."
  type        = string
}

variable "cidr" {
  description = "Address range of the VPC, /16 to /22."
  type        = string
  default     = "10.40.0.0/20"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 22, false)
    error_message = "cidr must be an IPv4 range between /16 and /22: it is split into subnets of 1/16 each."
  }
}

variable "endpoint_zones" {
  description = "Number of availability zones that get interface endpoints; each endpoint costs per zone and hour."
  type        = number
  default     = 1
}

variable "interface_endpoints" {
  description = "AWS services that are reached through interface endpoints."
  type        = set(string)
  default     = ["glue", "kms", "logs", "secretsmanager"]
}

variable "kms_key_arn" {
  description = "Key of the flow log's log group."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which flow logs are kept."
  type        = number
  default     = 90
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "nat" {
  description = "Whether private subnets reach the internet, through one NAT gateway with a fixed address."
  type        = bool
  default     = false
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "source_cidr" {
  description = "Address range in which the source database answers; the only one that DMS may connect to."
  type        = string

  validation {
    condition     = can(cidrhost(var.source_cidr, 0)) && var.source_cidr != "0.0.0.0/0"
    error_message = "source_cidr must be an IPv4 range that is narrower than the whole internet, such as 203.0.113.7/32."
  }
}

variable "source_port" {
  description = "Port of the source database."
  type        = number
  default     = 5432
}

variable "vpn" {
  description = "Site-to-site VPN to the source's network: public address of its gateway, its BGP number, its address range."
  type = object({
    gateway_ip  = string
    bgp_asn     = optional(number, 65000)
    remote_cidr = string
  })
  default = null
}

variable "zones" {
  description = "Availability zones, two or more: a DMS subnet group needs two."
  type        = list(string)

  validation {
    condition     = length(distinct(var.zones)) >= 2 && length(var.zones) <= 4
    error_message = "zones must list two to four different availability zones; a DMS subnet group needs two."
  }
}
