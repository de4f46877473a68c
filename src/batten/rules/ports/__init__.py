"""What only a look at the machine shows."""
