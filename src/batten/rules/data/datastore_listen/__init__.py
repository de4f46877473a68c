"""Data stores that listen where nobody needs them to."""
