"""Addresses that a server fetches for whoever asks."""
