"""Logins that everybody knows, and that the site takes."""
