variable "account_id" {
  description = "AWS account that the roles belong to."
  type        = string
}

variable "bucket_arns" {
  description = "ARN of each bucket by layer, as module s3 gives them."
  type        = map(string)
}

variable "create_dms_account_roles" {
  description = "Whether to make dms-vpc-role and dms-cloudwatch-logs-role. DMS demands these names, so an account has them once."
  type        = bool
  default     = true
}

variable "databases" {
  description = "Glue databases by layer: bronze, silver, gold, staging."
  type        = map(string)
}

variable "lake_key_arn" {
  description = "Key that encrypts the buckets."
  type        = string
}

variable "name" {
  description = "Prefix of every name, such as lakehouse-dev."
  type        = string
}

variable "operations_key_arn" {
  description = "Key that encrypts log groups, topics and secrets."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "source_secret_arn" {
  description = "Secret with the source database's host, port, user and password."
  type        = string
}

variable "topic_arn" {
  description = "Topic that tells people about the pipeline."
  type        = string
}
