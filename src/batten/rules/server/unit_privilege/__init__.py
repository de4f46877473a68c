"""Rights that a service of the host has and never needs."""
