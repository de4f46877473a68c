"""Databases that a cloud runs, and who reaches them."""
