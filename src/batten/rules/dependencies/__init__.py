"""Rules over what the project depends on and how its repository is kept."""
