"""What changed: since a baseline, since a revision, between two reports."""
