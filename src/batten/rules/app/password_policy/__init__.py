"""Passwords of the app's own users."""
