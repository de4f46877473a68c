"""Buckets that people outside may read or write."""
