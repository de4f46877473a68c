"""What pages load from other sites."""
