"""Doors at which a visitor may knock as often as they like."""
