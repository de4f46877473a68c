"""Secrets that everyone with the repository can read."""
