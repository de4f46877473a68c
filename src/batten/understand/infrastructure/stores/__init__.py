"""Databases, caches and brokers as their files, commands and environments configure them."""
