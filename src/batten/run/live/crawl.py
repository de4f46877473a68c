"""A small walk: the pages that the landing page links to, for their headers, cookies, forms and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.understand.answers.links import joined, links
from batten.understand.answers.site import PageKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.run.live.scene import Scene, Stage

MOST_PAGES = 8


def crawl(scene: Scene) -> Stage:
    """Follow links of the landing page, one for each shape of path, and keep what all pages lead to."""
    landing = scene.site().landing
    if landing is None or not landing.is_html:
        return ()
    first = links(landing.answer)
    wanted = _by_shape(first.pages, {landing.answer.url})[:MOST_PAGES]
    chains = yield [scene.wish(url, follow=True) for url in wanted]
    found = [first]
    for chain in chains:
        page = scene.show(PageKind.LINKED, chain)
        if page is not None and page.is_html:
            found.append(links(page.answer))
    scene.links = joined([*found, scene.links])
    return ()


def _by_shape(urls: Iterable[str], known: set[str]) -> list[str]:
    """Return one address for each shape: `/item/1` and `/item/2` are one page to us."""
    shapes: dict[tuple[str, ...], str] = {}
    for url in urls:
        if url not in known:
            shapes.setdefault(shape(url), url)
    return list(shapes.values())


def shape(url: str) -> tuple[str, ...]:
    """Return the parts of a path, numbers and long names made alike, and the names of the parameters."""
    parts = urlsplit(url)
    words = ("#" if part.isdigit() or len(part) > 20 else part for part in parts.path.split("/"))  # noqa: PLR2004 - a word is shorter
    names = sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    return (*words, *(f"?{name}" for name in names))
