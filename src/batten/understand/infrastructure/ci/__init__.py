"""Continuous integration: workflows of GitHub and pipelines of GitLab, which hold the keys to production."""
