"""Which location answers a path: nginx 1.22 `ngx_http_core_find_location`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.nginx.patterns import search

if TYPE_CHECKING:
    import re

    from batten.understand.nginx.scopes import Scope

EXACT, FINAL, PREFIX, REGEX, NAMED = "=", "^~", "", "~", "@"
_KINDS = {"=": EXACT, "^~": FINAL, "~": REGEX, "~*": REGEX}


def kind_of(scope: Scope) -> str:
    """Return how a location is chosen."""
    args = scope.directive.args if scope.directive is not None else ()
    first = args[0] if args else ""
    if len(args) > 1:
        return _KINDS.get(first, PREFIX)
    if first.startswith("@"):
        return NAMED
    for mark in ("~", "^~", "="):  # the modifier may stand at the name: `location =/x`
        if first.startswith(mark):
            return _KINDS[mark]
    return PREFIX


def pattern_of(scope: Scope) -> str:
    """Return a location's path or pattern, without its modifier."""
    args = scope.directive.args if scope.directive is not None else ()
    if len(args) > 1:
        return args[1]
    first = args[0] if args else ""
    kind = kind_of(scope)
    if kind == REGEX:
        return first.removeprefix("~*") if first.startswith("~*") else first[1:]
    return first[len(kind) :] if kind in (EXACT, FINAL) else first


def is_folded(scope: Scope) -> bool:
    """Return whether a pattern takes small and capital letters alike."""
    args = scope.directive.args if scope.directive is not None else ()
    return bool(args) and args[0].startswith("~*")


class Found:
    """The location that a path leads to."""

    def __init__(self, scope: Scope) -> None:
        """Begin at the server, or at a location."""
        self.scope = scope
        self.match: re.Match[str] | None = None
        """Of the last pattern that matched."""
        self.redirects = False
        """The path lacks the slash at the end of a location that hands on: it is sent there."""


_AGAIN, _OK, _DECLINED = "again", "ok", "declined"


def find(server: Scope, uri: str) -> Found:
    """Return the location of a path.

    Raises:
        NotTold: a pattern on the way could not be tried.
    """
    found = Found(server)
    _find(found, uri)
    return found


def _find(found: Found, uri: str) -> str:
    level = found.scope
    said = _static(found, level, uri)
    is_final = False
    if said == _AGAIN:
        is_final = kind_of(found.scope) == FINAL
        said = _find(found, uri)
    if said == _OK:
        return said
    if not is_final:
        for location in level.locations:
            if kind_of(location) != REGEX:
                continue
            match = search(pattern_of(location), uri, folded=is_folded(location))
            if match is not None:
                found.scope, found.match = location, match
                _find(found, uri)
                return _OK
    return said


def _static(found: Found, level: Scope, uri: str) -> str:
    """Choose among the locations that are no patterns: the exact one, else the longest beginning."""
    best: tuple[int, Scope] | None = None
    slashed: Scope | None = None
    for location in level.locations:
        kind, name = kind_of(location), pattern_of(location)
        if kind in (REGEX, NAMED):
            continue
        if kind == EXACT and name == uri:
            found.scope = location
            return _OK
        if kind != EXACT and uri.startswith(name) and (best is None or len(name) > best[0]):
            best = (len(name), location)
        if f"{uri}/" == name and location.passes() is not None:
            slashed = location
    if slashed is not None and (best is None or best[0] < len(uri)):
        found.scope, found.redirects = slashed, True
        return _OK
    if best is None:
        return _DECLINED
    found.scope = best[1]
    return _AGAIN
