"""Ports on which a server is operated, open to every network."""
