"""How the site meets the unexpected: a name that is not there, a host that is nobody's, pages of other origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.run.live.landing import FOREIGN_ORIGINS
from batten.understand.answers.crossing import Crossed
from batten.understand.answers.http import host_of
from batten.understand.answers.named_hosts import NamedHost
from batten.understand.answers.site import PageKind
from batten.understand.answers.suffixes import registrable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.run.live.scene import Scene, Stage

_FAILED = 400
_API = "/api/"
"""Where policies for other origins usually begin; Flask-CORS 6.0 and django-cors-headers 4.9 answer by the path alone,
so that nothing has to be there."""
_VISITOR = ("Cookie", "batten=1")
"""Starlette 1.10 `CORSMiddleware.simple_response` says `*` to those without a cookie, their own origin to others."""
HTML = ("Accept", "text/html,application/xhtml+xml")


def absent(scene: Scene) -> Stage:
    """Ask for a name that is not there, and keep the error page: its headers count like any other's."""
    (chain,) = yield [scene.wish(f"/{scene.nobody('errors')}", HTML)]
    if chain.last is not None and chain.last.status >= _FAILED:
        scene.show(PageKind.ERROR, chain)
    return ()


def hosts(scene: Scene) -> Stage:
    """Ask for the landing page as a visitor who names a host that is nobody's."""
    landing = scene.site().landing
    if landing is None:
        return ()
    name = f"{scene.nobody('host')}.example"
    (chain,) = yield [scene.wish(landing.answer.url, ("Host", name), with_cookies=False)]
    return [NamedHost(name, chain.last)] if chain.last is not None else ()


def crossed(scene: Scene) -> Stage:
    """Ask an answer for programs as pages of other origins would, and the landing page for names that resemble it."""
    landing = scene.site().landing
    if landing is None:
        return ()
    data = next((page.answer.url for page in scene.pages if page.is_data and page is not landing), _API)
    strangers = [
        scene.wish(data, ("Origin", origin), _VISITOR, with_cookies=False)
        for origin in FOREIGN_ORIGINS
        if origin != "null"
    ]
    alike = [scene.wish(landing.answer.url, ("Origin", origin)) for origin in _lookalikes(landing.answer.url)]
    chains = yield [*strangers, *alike]
    answers = [chain.last for chain in chains[: len(strangers)] if chain.last is not None]
    resembling = [chain.last for chain in chains[len(strangers) :] if chain.last is not None]
    return [Crossed(tuple(answers), tuple(resembling))]


def _lookalikes(url: str) -> Iterator[str]:
    """Yield origins that a pattern without an end or a dot lets in; none for a name that nobody registers."""
    host = host_of(url)
    bought = registrable(host)
    if bought is not None:
        yield f"https://{host}.batten-one.example"
        yield f"https://batten-{bought}"
