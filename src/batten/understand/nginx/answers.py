"""What nginx answers to a request: rewriting, the choice of a location, access, `try_files`, files.

nginx 1.22, the phases of `ngx_http_core_module`, for a request that a stranger sends. What is not known ends in
`UNKNOWN`, never in a guess.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from batten.understand.nginx import access, rewriting
from batten.understand.nginx.locations import NAMED, REGEX, find, kind_of, pattern_of
from batten.understand.nginx.machine import Kind
from batten.understand.nginx.patterns import NotTold
from batten.understand.nginx.values import filled

if TYPE_CHECKING:
    from batten.understand.nginx.machine import Machine
    from batten.understand.nginx.scopes import Scope

_SLASHES = re.compile("//+")
_MOST_TURNS = 10
"""Internal redirects that nginx follows."""


class Ends(Enum):
    """How a request ends."""

    FILE = "a file"
    LISTING = "the list of a directory"
    REDIRECT = "a redirect"
    SAID = "a text or a status that is written in the configuration"
    REFUSED = "refused"
    MISSING = "not found"
    HANDED = "handed on"
    HANDLED = "answered by a module"
    UNKNOWN = "not known"


class Answer(NamedTuple):
    """The answer to one request."""

    ends: Ends
    scope: Scope
    """The block whose headers the answer has."""
    status: int = 200
    place: str = ""
    """The file or directory, as the machine has it."""


class Asked:
    """One request on its way; a part of it that is not known is None."""

    def __init__(self, uri: str, address: str = "203.0.113.7", **known: str) -> None:
        """Ask for a path, decoded and normalised, from an address that nothing lets in."""
        self.uri = uri
        self.address = address
        self.is_internal = False
        self.is_broken = False
        """`rewrite … break` changed the path: nginx then answers 500 where an `alias` holds."""
        self.held: dict[str, str | None] = {
            "request_uri": uri, "args": "", "is_args": "", "query_string": "", "request_method": "GET", **known
        }  # fmt: skip

    def variables(self, scope: Scope, place: str | None = None) -> dict[str, str | None]:
        """Return the values of variables in a block."""
        root = scope.rooted()
        written = root[0].first if root is not None else None
        return {
            **self.held,
            "uri": self.uri,
            "document_uri": self.uri,
            "document_root": written if written is not None and "$" not in written else None,
            "request_filename": place,
        }


def answer(server: Scope, machine: Machine, asked: Asked) -> Answer:
    """Return what a server answers to a request."""
    walk = _Walk(server, machine, asked)
    try:
        return walk.run()
    except NotTold:
        return Answer(Ends.UNKNOWN, walk.scope)


class _Walk:
    def __init__(self, server: Scope, machine: Machine, asked: Asked) -> None:
        self.server, self.machine, self.asked = server, machine, asked
        self.scope = server
        self.turns = 0
        self.again = False
        """The path was rewritten: a location is to be chosen for it, and the server's own rewriting is over."""

    def run(self) -> Answer:
        while self.turns <= _MOST_TURNS:
            done = self._rewritten(self.server)
            said = done if isinstance(done, Answer) else self._located()
            if said is not None:
                return said
            self.asked.is_internal = True
        return Answer(Ends.SAID, self.scope, 500)

    def _rewritten(self, scope: Scope) -> Answer | bool:
        """Do what a block rewrites; return the answer, or whether the location is to be chosen again."""
        done = rewriting.run(scope, self)
        self.scope = done.scope
        if done.status is not None:
            ends = Ends.REDIRECT if done.is_redirect else Ends.SAID
            return Answer(ends, done.scope, done.status)
        return done.again

    def _located(self) -> Answer | None:
        """Return the answer; None where the request begins again with another path."""
        while self.turns <= _MOST_TURNS:
            self.turns += 1
            found = find(self.server, self.asked.uri)
            self.scope = found.scope
            if found.match is not None:
                self._capture(found.match.groups(), found.match.groupdict())
            if found.scope.value("internal") is not None and not self.asked.is_internal:
                return Answer(Ends.MISSING, self.scope, 404)
            if found.redirects:
                return Answer(Ends.REDIRECT, self.scope, 301)
            self.again = False
            said = self._inside(found.scope)
            if not self.again:
                return said
        return Answer(Ends.SAID, self.scope, 500)

    def _capture(self, groups: tuple[str | None, ...], named: dict[str, str | None]) -> None:
        held = {str(number): text or "" for number, text in enumerate(groups, 1)}
        self.asked.held.update(held | {name: text or "" for name, text in named.items()})

    def _inside(self, location: Scope) -> Answer | None:
        """Return the answer of a location, None where another path is asked for."""
        done = self._rewritten(location) if location is not self.server else False
        if isinstance(done, Answer):
            return done
        if done:
            self.again = True
            return None
        refused = access.refusal(self.scope, self.asked.address)
        if refused:
            return Answer(Ends.REFUSED, self.scope, refused)
        tried = self._tried()
        return tried if isinstance(tried, Answer) else None if tried else self._content()

    def _tried(self) -> Answer | bool:
        """Follow `try_files`; return whether another location is to be chosen."""
        told = self.scope.last("try_files")
        if told is None and self.scope.kind in ("if", "limit_except") and self.scope.outer is not None:
            return False  # nginx: an `if` that matched has no try_files of its location
        if told is not None and (self._is_by_pattern() or self.asked.is_broken):
            raise NotTold(self.asked.uri)
        for written in told.args[:-1] if told is not None else ():
            text = self._filled(written.removesuffix("/"))
            if self._kind(text) is (Kind.DIRECTORY if written.endswith("/") else Kind.FILE):
                self.asked.uri = text
                return False
        return self._fallen(told.args[-1]) if told is not None and told.args else False

    def _fallen(self, last: str) -> Answer | bool:
        if last.startswith("="):
            status = int(last[1:4]) if last[1:4].isdigit() else 500
            return Answer(Ends.MISSING, self.scope, status)
        if last.startswith("@"):
            self.asked.is_internal = True
            named = next((one for one in self.server.locations if pattern_of(one) == last), None)
            if named is None or kind_of(named) != NAMED:
                return Answer(Ends.SAID, self.scope, 500)
            self.scope = named
            self.turns += 1
            said = self._inside(named) if self.turns <= _MOST_TURNS else Answer(Ends.SAID, self.scope, 500)
            return True if said is None else said
        self.asked.uri = self._filled(last).partition("?")[0]
        return True

    def _is_by_pattern(self) -> bool:
        """Return whether the whole path of the machine is an `alias` in a pattern's location."""
        root = self.scope.rooted()
        if root is None or root[0].name != "alias":
            return False
        location = root[1].location()
        return location is not None and kind_of(location) == REGEX

    def _content(self) -> Answer | None:
        if self.scope.passes() is not None:
            return Answer(Ends.HANDED, self.scope)
        if self.scope.handles() is not None:
            return Answer(Ends.HANDLED, self.scope)
        root = self.scope.rooted()
        if self.asked.is_broken and root is not None and root[0].name == "alias":
            return Answer(Ends.SAID, self.scope, 500)
        if self.asked.uri.endswith("/"):
            return self._directory()
        place = self._place(self.asked.uri)
        kind = self._kind(self.asked.uri)
        if kind is Kind.FILE:
            return Answer(Ends.FILE, self.scope, place=place)
        if kind is Kind.DIRECTORY:
            return Answer(Ends.REDIRECT, self.scope, 301)
        return Answer(Ends.MISSING, self.scope, 404)

    def _directory(self) -> Answer | None:
        if self._is_by_pattern():
            raise NotTold(self.asked.uri)
        for name in [word for one in self.scope.group("index") for word in one.args] or ["index.html"]:
            uri = self._filled(name)
            is_inside = not uri.startswith("/")
            uri = self.asked.uri + uri if is_inside else uri
            if not is_inside or self._kind(uri) is Kind.FILE:
                self.asked.uri = uri
                return None
        if self._kind(self.asked.uri) is not Kind.DIRECTORY:
            return Answer(Ends.MISSING, self.scope, 404)
        told = self.scope.value("autoindex")
        if told is not None and told.first == "on":
            return Answer(Ends.LISTING, self.scope, place=self._place(self.asked.uri))
        return Answer(Ends.REFUSED, self.scope, 403)

    # Paths

    def _filled(self, text: str) -> str:
        done = filled(text, self.asked.variables(self.scope))
        if done is None:
            raise NotTold(text)
        return done

    def _kind(self, uri: str) -> Kind:
        kind = self.machine.kind(self._place(uri))
        if kind is Kind.UNKNOWN:
            raise NotTold(uri)
        return kind

    def place(self, scope: Scope) -> str | None:
        """Return the path of the machine that the request names in a block, None where that is not known."""
        return where(scope, self.asked)

    def kind_at(self, place: str) -> Kind:
        """Return what is at a path of the machine."""
        return self.machine.kind(place)

    def _place(self, uri: str) -> str:
        found = where(self.scope, self.asked, uri)
        if found is None:
            raise NotTold(uri)
        return found


def where(scope: Scope, asked: Asked, uri: str | None = None) -> str | None:
    """Return the path of the machine for a path of the site, None where it is not known."""
    uri = asked.uri if uri is None else uri
    root = scope.rooted()
    if root is None:
        return None
    directive, owner = root
    path = filled(directive.first, {**asked.held, "uri": asked.uri, "document_uri": asked.uri})
    if path is None or not path.startswith("/"):
        return None
    if directive.name == "root":
        return path.rstrip("/") + uri
    location = owner.location()
    if location is None or kind_of(location) == REGEX:
        return path
    name = pattern_of(location)
    return _SLASHES.sub("/", path + uri[len(name) :]) if uri.startswith(name) else None
