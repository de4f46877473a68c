"""Servers made for a developer's desk that production starts."""
