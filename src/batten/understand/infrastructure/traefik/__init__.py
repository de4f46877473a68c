"""Traefik as it would answer: its static configuration, labels and dynamic files (Traefik 2 and 3)."""
