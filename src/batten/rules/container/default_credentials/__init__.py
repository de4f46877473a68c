"""Accounts of services whose password everybody knows."""
