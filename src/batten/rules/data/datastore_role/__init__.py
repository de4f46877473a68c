"""Apps that may do more to their data than they need."""
