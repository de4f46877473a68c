"""What of the repository visitors get from nginx as files: asked of nginx's own logic, path by path."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from batten.understand.nginx.answers import Asked, Ends, answer
from batten.understand.nginx.locations import EXACT, REGEX, kind_of, pattern_of
from batten.understand.nginx.machine import Kind, Machine
from batten.understand.nginx.values import filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.nginx.configurations import Configuration
    from batten.understand.nginx.scopes import Scope
    from batten.understand.nginx.syntax import Directive


class Root(NamedTuple):
    """A `root` or `alias` that files are served from."""

    directive: Directive
    scope: Scope
    """The block that writes it."""
    url: str
    """The address that its files begin at."""
    directory: str
    """As the machine has it, absolute; empty where that is not known."""


def roots(server: Scope) -> Iterator[Root]:
    """Yield the roots of a server, each where it is written; that of http counts once a server."""
    for scope in (server.outer, *server.all()):
        for one in scope.here("root", "alias") if scope is not None else ():
            if scope is server.outer and server.last("root") is not None:
                continue
            path = filled(one.first, {})
            is_known = path is not None and path.startswith("/")
            yield Root(one, scope or server, _url(one, scope or server), path if path and is_known else "")


def _url(one: Directive, scope: Scope) -> str:
    location = scope.location()
    if one.name == "root" or location is None or kind_of(location) == REGEX:
        return "/"
    return pattern_of(location)


class Asker:
    """Asks a server for files of the repository, as a stranger would."""

    def __init__(self, configuration: Configuration, server: Scope, machine: Machine) -> None:
        """Ask one server over the files of a machine."""
        self.configuration = configuration
        self.server = server
        self.machine = machine

    def uri_of(self, root: Root, place: str) -> str | None:
        """Return the address at which a file below a root ought to be."""
        inside = posixpath.relpath(place, root.directory or "/")
        if root.directive.name == "root":
            return f"/{inside}" if inside != "." else None
        location = root.scope.location()
        if location is None or kind_of(location) == REGEX:
            return None
        if kind_of(location) == EXACT:
            return root.url if inside == "." else None
        return root.url + inside if root.url.endswith("/") or not root.directive.first.endswith("/") else None

    def is_handed_out(self, uri: str, place: str) -> bool:
        """Return whether a stranger who asks for an address gets that very file; False where it is not known."""
        got = answer(self.server, self.machine, Asked(uri))
        return got.ends is Ends.FILE and posixpath.normpath(got.place) == place

    def lists(self, uri: str) -> Directive | None:
        """Return what makes nginx list a directory to a stranger, None where it does not or that is not known."""
        got = answer(self.server, Listable(self.machine), Asked(uri))
        return got.scope.value("autoindex") if got.ends is Ends.LISTING else None


class Listable(Machine):
    """The same files, where every directory that is asked for exists and has no index."""

    def __init__(self, machine: Machine) -> None:
        """Stand over a machine."""
        super().__init__(machine.reading, machine.laid, tuple(machine.ignored), machine.unlisted)

    def kind(self, place: str) -> Kind:
        """Return what is at a path: what is not known is a directory where it is asked for as one."""
        known = super().kind(place)
        if known is not Kind.UNKNOWN:
            return known
        return Kind.ABSENT if re.search(r"\.\w+$", place) else Kind.DIRECTORY
