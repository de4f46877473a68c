"""Which name the app is told that it was called by."""
