"""Lines that look like a protection and do nothing."""
