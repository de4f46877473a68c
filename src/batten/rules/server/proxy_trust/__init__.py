"""Whose word servers and apps take for who the visitor is."""
