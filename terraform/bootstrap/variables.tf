variable "environment" {
  description = "Which environment's account this is: dev or prod."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "environment must be dev or prod."
  }
}

variable "github_repository" {
  description = "owner/name of the GitHub repository whose workflows may plan and apply; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[\\w.-]+/[\\w.-]+$", var.github_repository))
    error_message = "github_repository must be owner/name."
  }
}

variable "region" {
  description = "AWS region."
  type        = string
  default     = "eu-central-1"
}
