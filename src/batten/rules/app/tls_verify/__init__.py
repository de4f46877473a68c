"""Connections that would talk to anyone."""
