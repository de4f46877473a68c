"""Apache as it would answer: its files read, its sections merged (httpd 2.4)."""
