"""Directories whose files are listed."""
