"""Tokens that are believed without proof."""
