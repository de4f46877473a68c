"""Whether visitors come over HTTPS, as a platform is told."""
