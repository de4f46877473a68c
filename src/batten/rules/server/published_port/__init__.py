"""Ports and services that are open to more than they are meant for."""
