"""Versions of TLS and ciphers that no longer protect."""
