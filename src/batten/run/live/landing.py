"""The first stages: the address that was named, redirects followed, and how it meets pages of other origins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.answers.http import Chain, Failure, FailureKind, is_https
from batten.understand.answers.observatory import PROBE_ORIGIN
from batten.understand.answers.site import PageKind
from batten.understand.answers.visit import Visit

if TYPE_CHECKING:
    from batten.run.live.scene import Scene, Stage
    from batten.understand.answers.http import Answer

FOREIGN_ORIGINS = ("https://batten-one.example", "https://batten-two.example", "null")
"""Two that no list can name, so that both coming back is reflection, and the one of sandboxed pages and files."""

_TLS_WANTED = re.compile(
    rb"plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port|"
    rb"sent an HTTP request to an HTTPS server"
)
"""What a port for TLS says to plain HTTP: nginx 1.22 (497), Apache httpd 2.4, Go `net/http`."""
_BAD_REQUEST = 400


def landing(scene: Scene) -> Stage:
    """Ask for the address itself, over plain HTTP too where the user said where, and for a preflight of its end."""
    named = scene.wish(scene.url, follow=True)
    plain = [scene.wish(scene.http_url, follow=True)] if scene.http_url else []
    chain, *others = yield [named, *plain]
    if chain.last is not None and _wants_tls(chain.last):
        chain = Chain((), Failure(chain.last.request, FailureKind.NOT_HTTP, "the port speaks TLS"))
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


def _wants_tls(answer: Answer) -> bool:
    return answer.status == _BAD_REQUEST and _TLS_WANTED.search(answer.body[:4096]) is not None


def _is_sent_on(chain: Chain) -> bool:
    """Return whether plain HTTP leads to https."""
    return any(is_https(url) for url in chain.route[1:])
