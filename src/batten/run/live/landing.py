"""The first stages: the address that was named, redirects followed, and how it meets pages of other origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.answers.http import is_https
from batten.understand.answers.observatory import PROBE_ORIGIN
from batten.understand.answers.site import PageKind
from batten.understand.answers.visit import Visit

if TYPE_CHECKING:
    from batten.run.live.scene import Scene, Stage
    from batten.understand.answers.http import Chain

FOREIGN_ORIGINS = ("https://batten-one.example", "https://batten-two.example", "null")
"""Two that no list can name, so that both coming back is reflection, and the one of sandboxed pages and files."""


def landing(scene: Scene) -> Stage:
    """Ask for the address itself, over plain HTTP too where the user said where, and for a preflight of its end."""
    named = scene.wish(scene.url, follow=True)
    plain = [scene.wish(scene.http_url, follow=True)] if scene.http_url else []
    chain, *others = yield [named, *plain]
    page = scene.show(PageKind.LANDING, chain)
    over_http = others[0] if others else None if is_https(scene.url) else chain
    if scene.as_deployed and over_http is not None and not _is_sent_on(over_http):
        over_http = None  # the proxy's business, and nobody has seen it
    visit = Visit(scene.url, http=over_http, https=chain if is_https(scene.url) else None)
    if page is None:
        return [visit]
    address = page.answer.url
    preflight = scene.wish(
        address, ("Origin", PROBE_ORIGIN), ("Access-Control-Request-Method", "GET"), method="OPTIONS", follow=True
    )
    asked, *crossed = yield [preflight, *(scene.wish(address, ("Origin", origin)) for origin in FOREIGN_ORIGINS)]
    answers = tuple(chain.last for chain in crossed if chain.last is not None)
    return [Visit(visit.target, visit.http, visit.https, asked, answers)]


def _is_sent_on(chain: Chain) -> bool:
    """Return whether plain HTTP leads to https."""
    return any(is_https(url) for url in chain.route[1:])
