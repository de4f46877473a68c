"""Secrets that files of the repository hold for what a host or a platform starts."""
