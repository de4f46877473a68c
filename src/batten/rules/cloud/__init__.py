"""Rules over cloud resources: Terraform, CloudFormation."""
