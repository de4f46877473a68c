"""Continuous integration: what runs with the keys to production."""
