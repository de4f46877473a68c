"""The rooms that visitors walk through."""
