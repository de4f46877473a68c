"""Whether browsers stay on the encrypted road."""
