"""What a visitor reads when something goes wrong."""
