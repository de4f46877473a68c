"""Requests that other sites make in the visitor's name."""
