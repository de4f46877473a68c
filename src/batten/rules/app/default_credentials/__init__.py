"""Accounts whose password everybody knows."""
