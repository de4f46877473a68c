"""Text becomes meaning: what production starts, with which settings."""

from batten.understand.apps import Understanding, understand
from batten.understand.deploy import resolve
from batten.understand.sources import DictSources, Sources

__all__ = ["DictSources", "Sources", "Understanding", "resolve", "understand"]
