"""Files that others on the machine may change."""
