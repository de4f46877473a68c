"""Which other sites may read the app's answers."""
