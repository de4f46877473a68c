"""Storage of a cloud that takes an old TLS."""
