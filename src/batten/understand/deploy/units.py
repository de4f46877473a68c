"""Joins what the deployment files say into units: processes that production starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.deploy.reading import Reading
from batten.understand.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure
    from batten.understand.sources import Sources


def resolve(sources: Sources, note: Callable[[Unsure], None]) -> Stack:
    """Return all that the repository deploys; what could not be told goes to `note`."""
    _ = Reading(sources, note)
    return Stack(())
