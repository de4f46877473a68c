"""Networks that let everyone in."""
