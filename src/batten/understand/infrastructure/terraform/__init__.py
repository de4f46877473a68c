"""Terraform and OpenTofu: the language, and what a configuration comes to."""
