"""Ports that take code for logging."""
