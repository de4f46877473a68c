"""Processes that listen on every network of their machine."""
