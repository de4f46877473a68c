"""Asks for the files by which a site speaks of itself: robots.txt, the site map, security.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.answers.footprint import Footprint, robots, security, sitemap

if TYPE_CHECKING:
    from batten.run.live.scene import Scene, Stage

_ABSENT = frozenset({404, 410})


def footprint(scene: Scene) -> Stage:
    """Return what the three files say."""
    paths = ("/robots.txt", "/sitemap.xml", "/.well-known/security.txt")
    chains = yield [scene.wish(path, with_cookies=False, follow=True) for path in paths]
    first, second, third = (chain.last for chain in chains)
    absent = third if third is not None and third.status in _ABSENT else None
    return [Footprint(robots(first), sitemap(second), security(third), absent)]
