"""What a pod may take for itself inside its node and cluster."""
