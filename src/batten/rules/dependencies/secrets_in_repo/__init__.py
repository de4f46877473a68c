"""Secrets that stand in what builds and deploys."""
