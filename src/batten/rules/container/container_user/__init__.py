"""Who a container runs as, and who may become somebody else in it."""
