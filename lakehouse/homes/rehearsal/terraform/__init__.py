"""Terraform applied to the emulator: its process, and the dev environment that it makes."""
