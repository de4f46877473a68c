"""What a page loads from elsewhere and runs, and whether a hash holds it (W3C Subresource Integrity)."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from batten.model.data import dataclass
from batten.understand.answers.addresses import WebHost, web_host
from batten.understand.answers.facts import Fact, FactKind, Where, fact
from batten.understand.answers.suffixes import registrable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.page import Tag

_TEST = "subresource-integrity"
_HASH = re.compile(r"(?:^|[\t\n\f\r ])sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}(?=$|[\t\n\f\r ?])", re.IGNORECASE)
_AROUND = "".join(map(chr, range(33)))
_INERT_TYPES = re.compile(r"\s*(?!module\s*$)(application|text)/(?!(x-)?(java|ecma|j|live)script)", re.IGNORECASE)
_WHOLE_VERSION = re.compile(r"(?:^|[/@_-])v?\d{1,4}\.\d{1,5}\.\d{1,5}(?![.\d])")
_MOST = 500
"""Elements of a page that are looked at."""


class LoadKind(Enum):
    """What is loaded."""

    SCRIPT = "script"
    STYLE = "stylesheet"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class Load:
    """An element that loads what then acts in the page."""

    kind: LoadKind
    written: str
    """The address as it stands in the page."""
    url: str
    """The address that a browser asks."""
    is_foreign: bool
    """It is of another registrable domain, or of another address."""
    is_cross_origin: bool
    integrity: str | None
    crossorigin: str | None
    line: int

    @property
    def is_held(self) -> bool:
        """Whether a hash that browsers know says what it must be."""
        return self.integrity is not None and _HASH.search(self.integrity) is not None

    @property
    def is_fixed(self) -> bool:
        """Whether the address names a whole version, so that a hash could hold what it serves."""
        return _WHOLE_VERSION.search(self.url.partition("://")[2].partition("/")[2]) is not None


def loads(answer: Answer, tags: tuple[Tag, ...]) -> tuple[Load, ...]:
    """Return what a page loads, the first 500 of it; what is inert is left out."""
    base = next((href for tag in tags if tag.name == "base" and (href := tag.get("href")) is not None), "")
    base = _resolved(answer.url, base) or answer.url
    page = web_host(answer.url)
    found: list[Load] = []
    for tag in tags:
        kind = None if tag.inert else _kind(tag)
        written = tag.get("src" if tag.name == "script" else "href")
        if kind is None or not written:
            continue
        url = _resolved(base, written)
        host = web_host(url) if url is not None else None
        if url is None or host is None:
            continue
        crossed = page is None or (host.name, _port(url, host)) != (page.name, _port(answer.url, page))
        crossed = crossed or url[:5].lower() != answer.url[:5].lower()
        foreign = page is None or not _same_site(host, page)
        found.append(Load(kind, written, url, foreign, crossed, tag.get("integrity"), tag.get("crossorigin"), tag.line))
        if len(found) == _MOST:
            break
    return tuple(found)


def _kind(tag: Tag) -> LoadKind | None:
    if tag.name == "script":
        return None if _INERT_TYPES.match(tag.get("type") or "") else LoadKind.SCRIPT
    relations = (tag.get("rel") or "").lower().split() if tag.name == "link" else []
    if "stylesheet" in relations and "alternate" not in relations:
        return LoadKind.STYLE
    return LoadKind.MODULE if "modulepreload" in relations else None


def _resolved(base: str, written: str) -> str | None:
    """Return the absolute address of what is written, None where there is none."""
    written = written.strip(_AROUND).replace("\\", "/")
    try:
        return urljoin(base, written)
    except ValueError:
        return None


def _port(url: str, host: WebHost) -> int:
    return host.port if host.port is not None else 443 if url[:6].lower() == "https:" else 80


def _same_site(one: WebHost, other: WebHost) -> bool:
    if one.name == other.name:
        return True
    site = None if one.is_address or other.is_address else registrable(one.name)
    return site is not None and site == registrable(other.name)


def integrity_facts(answer: Answer, tags: tuple[Tag, ...]) -> Iterator[Fact]:
    """Yield what is so of foreign scripts, modules and stylesheets where the grade says another thing."""
    page = web_host(answer.url)
    for load in loads(answer, tags):
        at = Where(answer.url, "link" if load.kind is not LoadKind.SCRIPT else "script", load.line)
        if load.is_foreign and not load.is_held:
            yield from _unheld(load, at, page)
        if load.integrity and load.is_held and load.is_cross_origin and load.crossorigin is None:
            why = "without crossorigin, a browser may not check the hash of another origin's file, and does not load it"
            yield fact(FactKind.INTEGRITY_BLOCKS, _TEST, at, load.written, why)
        is_script = load.kind is LoadKind.SCRIPT
        if is_script and answer.is_https and load.written.startswith("//"):
            why = "on an https page it loads over https"
            yield fact(FactKind.SCRIPT_LOADS_SAFELY, _TEST, at, load.written, why, milder=True)


def _unheld(load: Load, at: Where, page: WebHost | None) -> Iterator[Fact]:
    if load.integrity:
        why = "browsers know no hash in its integrity, so nothing holds the file to what it was"
        yield fact(FactKind.INTEGRITY_EMPTY, _TEST, at, f"{load.written} {load.integrity}", why)
    if load.kind is LoadKind.STYLE:
        why = "a foreign stylesheet without a hash changes the page at its host's will"
        yield fact(FactKind.STYLE_FOREIGN, _TEST, at, load.written, why)
    elif load.kind is LoadKind.MODULE:
        why = "a foreign module without a hash runs what its host sends"
        yield fact(FactKind.MODULE_FOREIGN, _TEST, at, load.written, why)
    elif _is_taken_for_own(load, page):
        why = f"it loads from {load.url[:80]}, another site, without a hash; its address is taken for the page's own"
        yield fact(FactKind.SCRIPT_FOREIGN, _TEST, at, load.written, why)


def _is_taken_for_own(load: Load, page: WebHost | None) -> bool:
    """Return whether the Observatory sees the page's own: an odd spelling, an address, names under one owner's."""
    if not load.written.startswith(("https://", "http://", "//")):
        return True
    host = web_host(load.url)
    both = [None if one is None or one.is_address else registrable(one.name, private=False) for one in (host, page)]
    return both[0] == both[1] and not load.written.startswith("//")
