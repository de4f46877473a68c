"""Data stores that let in whoever connects."""
