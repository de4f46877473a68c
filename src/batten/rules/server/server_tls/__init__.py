"""The encryption between visitor and site, as the server offers it."""
