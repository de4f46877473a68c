"""Secrets that stand in the files of a deployment."""
