"""Which names the app answers to."""
