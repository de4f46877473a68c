"""Methods that a site has no use for."""
