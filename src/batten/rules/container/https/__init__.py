"""Transport that the cluster does not protect."""
