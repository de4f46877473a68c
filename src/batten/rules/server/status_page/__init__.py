"""Pages on which a server tells about itself."""
