"""Certificates of the servers behind a proxy, and who checks them."""
