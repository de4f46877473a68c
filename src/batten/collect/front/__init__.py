"""Batten in the place of the TLS proxy: what a local app will look like once it stands behind one."""

from batten.collect.front.door import Front

__all__ = ["Front"]
