"""What an environment costs a month, from Terraform's own settings and dated list prices."""
