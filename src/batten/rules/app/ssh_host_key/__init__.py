"""SSH clients that believe any host."""
