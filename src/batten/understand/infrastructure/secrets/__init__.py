"""Secrets in the files of the repository: tokens of known makers, private keys, what a name says is one."""
