"""Ports that nothing in the deployment accounts for."""
