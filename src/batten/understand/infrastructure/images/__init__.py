"""The images that production builds from this repository: what they hold, where it comes from, who they run as."""

from batten.understand.infrastructure.images.survey import read

__all__ = ["read"]
