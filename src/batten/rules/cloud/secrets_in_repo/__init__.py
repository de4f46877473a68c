"""Secrets that stand in what a repository orders from a cloud."""
