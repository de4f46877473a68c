"""Whose word the app takes for who the visitor is."""
