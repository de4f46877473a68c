"""What pages load from other sites without a hash, one finding a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Evidence, Finding, Fix, Location
from batten.understand.answers.integrity import loads
from batten.understand.answers.page import tags

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from batten.understand.answers.integrity import Load, LoadKind
    from batten.understand.answers.site import Page, Site

_SHOWN = 3


def unheld(site: Site, kinds: Collection[LoadKind], effect: str) -> Iterator[Finding]:
    """Yield one finding for all files of the kinds that could be held by a hash and are not."""
    found: dict[str, tuple[Page, Load]] = {}
    for page in site.pages:
        for load in loads(page.answer, tags(page.answer.text)) if page.is_html else ():
            if load.kind in kinds and load.is_foreign and not load.is_held and load.is_fixed:
                found.setdefault(load.url, (page, load))
    if found:
        (page, first), *others = found.values()
        more = f" and {len(others)} more" if others else ""
        yield Finding(
            at=page.at,
            says=f"{first.url[:100]}{more} {effect}",
            evidence=tuple(
                Evidence(Location(url=page.answer.url), f"line {load.line} loads", load.url[:100])
                for page, load in list(found.values())[:_SHOWN]
            ),
            fix=Fix('Serve the file yourself, or add `integrity="sha384-…" crossorigin="anonymous"` to its tag.'),
            symbol=first.kind.value,
        )
