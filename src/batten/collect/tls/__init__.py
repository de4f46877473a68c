"""The eyes of a probe for TLS: what a server offers, what its certificate says, and whether a client would trust it."""
