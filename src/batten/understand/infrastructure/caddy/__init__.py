"""Caddy as it would answer: its Caddyfile read, its order of directives worked out (Caddy 2)."""
