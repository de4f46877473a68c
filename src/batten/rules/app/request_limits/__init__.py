"""How much a visitor may send."""
