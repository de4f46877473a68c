"""Reads what an Apache of the repository does for visitors."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.understand.infrastructure.apache import passages, served, terms
from batten.understand.infrastructure.apache.access import Lets
from batten.understand.infrastructure.apache.grammar import parse
from batten.understand.infrastructure.apache.installations import installations
from batten.understand.infrastructure.apache.sections import State, merge
from batten.understand.infrastructure.apache.sites import sites
from batten.understand.infrastructure.nouns import Examined
from batten.understand.infrastructure.web import Listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.apache.grammar import Directive
    from batten.understand.infrastructure.apache.installations import Installation
    from batten.understand.infrastructure.ground import Ground

_MOST_SITES = 100
_EXAMINED = (
    "acl-order/root-granted", "directory-listing/served", "http-methods/trace", "proxy-target/open-proxy",
    "served-files", "server-tls/old-version", "server-tls/weak-suite", "status-page/apache", "version-banner/server",
)  # fmt: skip


def read(ground: Ground) -> Iterator[object]:
    """Yield what the repository's Apaches serve, list, tell and accept."""
    seen: set[str] = set()
    for one in installations(ground):
        yield Examined(_EXAMINED)
        yield from _each_once(_parts(ground, one, seen))
    yield from _alone(ground, seen)


def _each_once(parts: Iterator[object]) -> Iterator[object]:
    """Yield parts, one of a kind for each line: what stands outside of the hosts holds in each."""
    told: set[tuple[type, object]] = set()
    for part in parts:
        key = (type(part), getattr(part, "at", None))
        if key not in told:
            told.add(key)
            yield part


def _parts(ground: Ground, one: Installation, seen: set[str]) -> Iterator[object]:
    def htaccess(place: str) -> tuple[Directive, ...]:
        for folder in one.machine.within(place):
            path = posixpath.normpath(posixpath.join(folder, ".htaccess"))
            if ground.reading.is_file(path):
                seen.add(path)
                return _htaccess(ground, path)
        return ()

    each = list(sites(one.directives, htaccess))
    yield from terms.of_server(one, each[0])
    for site in each[:_MOST_SITES]:
        yield from terms.of_site(one, site)
        yield from served.of_site(ground, one, site)
        yield from passages.handed_on(one, site)
    if len(each) > _MOST_SITES:
        ground.reading.unsure("Apache's virtual hosts", f"only the first {_MOST_SITES} are looked at", each[0].at)


def _htaccess(ground: Ground, path: str) -> tuple[Directive, ...]:
    told = ground.reading.unsure
    raw = parse(ground.reading.text(path) or "", path, lambda why, at: told(path, why, at))
    return tuple(_open(raw))


def _open(raw: tuple[Directive, ...]) -> Iterator[Directive]:
    for one in raw:
        if one.name == "ifmodule" and one.inside is not None:
            yield from _open(one.inside) if not one.text.startswith("!") else ()
        else:
            yield one


def _alone(ground: Ground, seen: set[str]) -> Iterator[object]:
    """Yield the listings that a `.htaccess` switches on of which no server of the repository says anything."""
    for path in ground.files.get("apache", []):
        if path in seen or posixpath.basename(path) != ".htaccess":
            continue
        text = ground.reading.text(path) or ""
        if not re.search(r"^\s*Options\s", text, re.IGNORECASE | re.MULTILINE):
            continue
        state = State()
        merge(state, _htaccess(ground, path))
        is_closed = state.access is not None and state.access.lets is not Lets.ANYBODY
        if state.lists is not None and not is_closed:
            what = posixpath.dirname(path) or "the directory"
            yield Listing("Apache", what, state.lists, served.NO_LISTING, confidence=Confidence.LIKELY)
