"""What the programs in a cluster may do to the cluster."""
