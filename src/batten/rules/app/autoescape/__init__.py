"""Templates that let HTML through as it comes."""
