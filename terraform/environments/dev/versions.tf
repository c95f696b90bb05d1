terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # Bucket, key and region come from backend.hcl; see docs/DEPLOYMENT.md.
  backend "s3" {
    key          = "lakehouse/dev.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region
  # Bucket names in the path: an emulator has one host name for all buckets.
  s3_use_path_style = var.emulated
  # An operation that the emulator lacks answers 500; the usual 25 tries would take minutes.
  max_retries = var.emulated ? 2 : null

  default_tags {
    tags = {
      Environment = "dev"
      ManagedBy   = "terraform"
      Project     = "lakehouse"
    }
  }
}
