"""Looks for pages of developers and operators, and opens what they link to only as far as it takes to prove them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from batten.model.data import dataclass
from batten.run.live.siblings import doubles, hit, judge_losses, standing
from batten.understand.answers.links import Links, joined, links
from batten.understand.answers.site import PageKind
from batten.understand.exposures.documents import addresses
from batten.understand.exposures.panel_entries import ENTRIES
from batten.understand.exposures.panels import PanelEntry, SeenPanel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.run.live.scene import Scene, Stage
    from batten.run.live.siblings import Hit
    from batten.understand.answers.http import Answer, Chain
    from batten.understand.answers.wish import Wish

_TOPICS = ("docs-exposed", "status-page")
_WHAT = "which panels are open"
_MOST_ON = 4
"""Redirects that are followed, and addresses that a page names: of each no more."""
_MOST_API = 2
"""Addresses of an API that are read, for their headers."""
_NAMED = re.compile(r"(?:\burl\s*:\s*|spec-url\s*=\s*|\"url\"\s*:\s*)[\"']([^\"'\s]{1,300})[\"']")
_TELLING = re.compile(
    r"/(?:api-?docs?|apidocs|docs|redoc|swagger(?:-ui)?|graphi?ql|graphiql|playground|admin|metrics|flower|rq|silk|"
    r"schema|openapi|dashboard|phpmyadmin|adminer)(?:/|\.json|\.php|/index\.html)?$"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One address, and what is looked for there."""

    path: str
    accept: str
    entries: tuple[PanelEntry, ...]


def panels(scene: Scene) -> Stage:
    """Look where panels usually stand and where the landing page leads; tell those that serve strangers."""
    first = list(_usual(scene))
    chains = yield [_wish(scene, one) for one in first]
    judge_losses(scene, _WHAT, chains, *_TOPICS)
    second = list(_onward(scene, first, chains))
    more = yield [_wish(scene, one) for one in second]
    landing = scene.site().landing
    hits = [*_hits(first, chains), *_hits(second, more)]
    if landing is not None:
        hits += _hits([_Asked(_path(landing.answer.url), "", ENTRIES)], [landing.chain])
    doubted = [one for one in hits if not _entry(one).needs_api]
    beside = yield doubles(scene, doubted)
    held = [*standing(doubted, beside), *(one for one in hits if _entry(one).needs_api)]
    inner = yield [scene.wish(url, with_cookies=False) for one in held for url in _within(one)]
    told = dict(zip([(id(one), url) for one in held for url in _within(one)], inner, strict=True))
    seen = [seen for one in held if (seen := _seen(one, [told[id(one), url] for url in _within(one)]))]
    api = yield _described(scene, seen)
    for chain in api:
        if chain.last is not None and not chain.last.is_redirect:
            scene.show(PageKind.API, chain)
    return list(dict.fromkeys(seen))


def _wish(scene: Scene, asked: _Asked) -> Wish:
    headers = (("Accept", asked.accept),) if asked.accept else ()
    return scene.wish(asked.path, *headers, with_cookies=False)


def _usual(scene: Scene) -> Iterator[_Asked]:
    """Yield each usual address once for each kind of answer that is wanted of it; in a folder those of an API."""
    folder = urlsplit(scene.url).path.rpartition("/")[0] + "/"
    for base in dict.fromkeys(("/", folder)):
        wanted: dict[tuple[str, str], list[PanelEntry]] = {}
        for entry in ENTRIES:
            for path in entry.paths if base == "/" else entry.paths[: int(entry.kind == "openapi")]:
                wanted.setdefault((base + path, entry.accept), []).append(entry)
        for (path, accept), entries in wanted.items():
            yield _Asked(path, accept, tuple(entries))


def _onward(scene: Scene, asked: Sequence[_Asked], chains: Sequence[Chain]) -> Iterator[_Asked]:
    """Yield where redirects within a panel lead, what its page says that its description is, and telling links."""
    known = {one.path for one in asked}
    found: dict[tuple[str, str], _Asked] = {}
    landing = scene.site().landing
    for one, chain in zip(asked, chains, strict=True):
        answer = chain.last
        if answer is None:
            continue
        if answer.is_redirect:
            path = _own(scene, urljoin(answer.url, answer.first("location") or ""))
            if path.startswith(one.path.partition("?")[0].rstrip("/")):
                found.setdefault((path, one.accept), _Asked(path, one.accept, one.entries))
        elif any(entry.proof(answer) for entry in one.entries if entry.kind == "openapi"):
            found |= {(path, ""): _document(path) for path in _documents(scene, answer)}
    if landing is not None:
        found |= {(path, ""): _document(path) for path in _documents(scene, landing.answer)}
        pages = [_own(scene, url) for url in links(landing.answer).pages] if landing.is_html else []
        found |= {(path, ""): _Asked(path, "", ENTRIES) for path in pages if _TELLING.search(path)}
    kept = [one for one in found.values() if one.path and one.path not in known]
    return iter(kept[: 2 * _MOST_ON])


def _documents(scene: Scene, answer: Answer) -> Iterator[str]:
    if "swagger" in answer.text.lower() or "redoc" in answer.text.lower():
        for named in list(dict.fromkeys(_NAMED.findall(answer.text)))[:2]:
            yield _own(scene, urljoin(answer.url, named))


def _document(path: str) -> _Asked:
    entries = tuple(entry for entry in ENTRIES if entry.kind == "openapi")
    return _Asked(path, entries[0].accept, entries)


def _own(scene: Scene, url: str) -> str:
    """Return the path of an address, with its query; empty where it leads to another origin."""
    return _path(url) if url.startswith(f"{scene.origin}/") else ""


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _hits(asked: Sequence[_Asked], chains: Sequence[Chain]) -> list[Hit]:
    found = [
        hit(entry, one.path, chain, entry.proof)
        for one, chain in zip(asked, chains, strict=True)
        for entry in one.entries
    ]
    return [one for one in found if one is not None]


def _within(one: Hit) -> list[str]:
    """Return what has to be opened besides: a page that the panel links to; its API, and a name beside that."""
    entry = _entry(one)
    if entry.inside is not None:
        return [url for url in links(one.answer).pages if entry.inside.search(urlsplit(url).path)][:1]
    if entry.api:
        url = urljoin(one.answer.url.partition("?")[0], entry.api)
        folder, _, _ = url.partition("?")[0].rstrip("/").rpartition("/")
        return [url, f"{folder}/batten-is-not-here"]
    return []


def _seen(one: Hit, inner: Sequence[Chain]) -> SeenPanel | None:
    entry = _entry(one)
    seen = SeenPanel(entry.kind, entry.what, one.answer, one.proved.line, entry.power)
    answers = [chain.last for chain in inner]
    if entry.inner is not None:
        open_ = [answer for answer in answers if answer is not None and entry.inner(answer)]
        return (
            SeenPanel(entry.kind, entry.what, one.answer, one.proved.line, entry.power, tuple(open_)) if open_ else None
        )
    if entry.api_proof is None:
        return seen
    api, beside = answers
    serves = api is not None and entry.api_proof(api) and not (beside is not None and entry.api_proof(beside))
    if api is not None and serves:
        return SeenPanel(entry.kind, entry.what, one.answer, one.proved.line, entry.api_power, (api,))
    return None if entry.needs_api else seen


def _entry(one: Hit) -> PanelEntry:
    assert isinstance(one.entry, PanelEntry)  # noqa: S101 - this stage makes hits of panels only
    return one.entry


def _described(scene: Scene, seen: Iterable[SeenPanel]) -> list[Wish]:
    """Keep what APIs say of themselves, as addresses that can fail; return the wish for a few of them."""
    found = [url for one in seen if one.kind == "openapi" for url in addresses(one.answer)]
    if not found:
        return []
    scene.links = joined([scene.links, Links(tuple(found))])
    return [scene.wish(url) for url in found if urlsplit(url).path != urlsplit(scene.url).path][:_MOST_API]
