"""Debug and test switches that production leaves on."""
