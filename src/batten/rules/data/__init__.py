"""Rules over databases, caches, brokers and search engines."""
