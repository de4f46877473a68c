"""Ports that were made for other containers and are open to everybody."""
