"""Rules over images and what runs them: Docker, compose, Kubernetes."""
