"""Code that opens what it keeps in a cloud."""
