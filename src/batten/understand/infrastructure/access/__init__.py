"""Who may log in to a data store, as the image that it runs is told by variables and options."""
