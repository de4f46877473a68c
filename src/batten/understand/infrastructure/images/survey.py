"""Finds what production builds from Dockerfiles of this repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.deploy.image import Stage
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.infrastructure.images.nouns import Image


def read(ground: Ground) -> Iterator[Image]:
    """Yield each image once, however many containers run it."""
    shipped = _shipped(ground)
    if not shipped:
        return
    from batten.understand.infrastructure.images.built import Builder  # noqa: PLC0415 - only where there is an image

    builder = Builder(ground, shipped)
    seen: set[Location] = set()
    for stage in shipped:
        if stage.at not in seen:
            seen.add(stage.at)
            yield builder.image(stage, [other for other in shipped if other.at == stage.at])


def _shipped(ground: Ground) -> list[Stage]:
    joined = ground.joined
    if joined is None:
        return []
    built = [drafted.stage for composed in joined.composed for _, drafted in composed.services]
    return [stage for stage in (*built, *joined.stages.values()) if stage is not None]
