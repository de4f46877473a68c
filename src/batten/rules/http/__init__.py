"""Rules over what a visitor of the running site sees."""
