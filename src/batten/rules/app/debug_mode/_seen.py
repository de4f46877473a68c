"""What the live halves of the debug-mode rules share: one finding for all the debug pages of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Evidence, Finding, Fix, Location
from batten.understand.answers.traces import SeenTrace, TraceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.site import Site

_SHOWN = 3


def debug_pages(site: Site, kind: TraceKind, says: str, fix: str) -> Iterator[Finding]:
    """Yield the finding about debug pages of a kind, at the first address that showed one."""
    pages = traces(site, kind)
    if pages:
        yield Finding(at=at(pages[0]), says=says, evidence=told(pages), fix=Fix(fix), symbol="DEBUG")


def traces(site: Site, kind: TraceKind) -> list[SeenTrace]:
    """Return the answers of a kind that told a visitor why they failed."""
    return [part for part in site.parts if isinstance(part, SeenTrace) and part.kind is kind]


def at(page: SeenTrace) -> Location:
    """Return where a page was seen."""
    return Location(url=page.answer.url)


def told(pages: list[SeenTrace]) -> tuple[Evidence, ...]:
    """Return the first few pages as evidence: the status, what wrote the page, the error's name."""
    return tuple(Evidence(at(page), _said(page)) for page in pages[:_SHOWN])


def _said(page: SeenTrace) -> str:
    name = f": {page.says}" if page.says else ""
    return f"answered {page.answer.status} with {page.kind.value}{name}"
