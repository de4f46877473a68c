"""Keys that sign sessions and tokens, and who else knows them."""
