"""Storage of a cloud that talks without TLS."""
