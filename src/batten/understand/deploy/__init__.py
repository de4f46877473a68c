"""What production starts, from the deployment files of a repository."""

from batten.understand.deploy.units import resolve

__all__ = ["resolve"]
