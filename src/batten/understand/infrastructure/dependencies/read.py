"""Reads all of a repository's dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.dependencies.looked_up import vulnerable
from batten.understand.infrastructure.dependencies.production import Production
from batten.understand.infrastructure.dependencies.runtimes import python_of, runtimes
from batten.understand.infrastructure.dependencies.sources import sources
from batten.understand.infrastructure.nouns import Examined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ground import Ground


def read(ground: Ground) -> Iterator[object]:
    """Yield what production installs, from where, on what, and what is publicly known against it."""
    production = Production(ground, python_of(ground))
    lists = production.gather()
    yield from lists
    yield from production.groups
    if lists:
        yield Examined(("deps/dev-in-production", "deps/extra-index"))
    yield from sources(ground, lists, production.stages)
    yield from runtimes(ground, lists)
    yield from vulnerable(ground, lists)
