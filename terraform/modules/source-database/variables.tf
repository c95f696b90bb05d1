variable "allowed_security_group_id" {
  description = "Security group that may connect: the DMS replication instance's."
  type        = string
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted, and leaves a last snapshot."
  type        = bool
  default     = true
}

variable "instance_class" {
  description = "Size of the database server."
  type        = string
  default     = "db.t4g.medium"
}

variable "kms_key_arn" {
  description = "Key that encrypts the storage and the managed password."
  type        = string
}

variable "multi_az" {
  description = "Whether a standby runs in a second zone."
  type        = bool
  default     = false
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in two zones or more."
  type        = list(string)
}

variable "vpc_id" {
  description = "VPC of the database."
  type        = string
}
