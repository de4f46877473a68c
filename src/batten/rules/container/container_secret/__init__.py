"""Secrets inside an image: whoever pulls it has them."""
