"""What a repository orders from a cloud, whichever language it says it in."""
