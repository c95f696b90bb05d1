variable "account_id" {
  description = "AWS account that the keys belong to."
  type        = string
}

variable "deletion_window_days" {
  description = "Days between a request to delete a key and its deletion, 7 to 30; data is unreadable afterwards."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "deletion_window_days must be 7 to 30, which is what KMS allows."
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
