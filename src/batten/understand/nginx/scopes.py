"""Blocks of a configuration and what holds in them: nginx's inheritance from the outside in.

nginx 1.22: a directive that holds one value is taken from the nearest block that writes it. Lists (`add_header`,
`proxy_set_header`, `allow` with `deny`) are taken whole from the nearest block that writes any of them.
`proxy_pass`, `return`, `rewrite` and `try_files` hold where they are written only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.nginx.syntax import Directive

PASSES = ("proxy_pass", "uwsgi_pass", "fastcgi_pass", "scgi_pass", "grpc_pass", "memcached_pass")
"""What hands a request on to another server."""
HANDLERS = frozenset(
    "stub_status empty_gif random_index perl js_content api status mp4 flv nchan_publisher nchan_subscriber push_stream"
    " rtmp_stat vhost_traffic_status_display content_by_lua content_by_lua_block content_by_lua_file echo".split()
)
"""What answers by itself, and serves no files."""


class Scope:
    """A block: http, server, location, `if`, `limit_except`; or what stands outside of all blocks."""

    def __init__(
        self, kind: str, directive: Directive | None, inside: tuple[Directive, ...], outer: Scope | None
    ) -> None:
        """Make the blocks inside as well."""
        self.kind = kind
        self.directive = directive
        self.outer = outer
        self.own = inside
        self.locations: list[Scope] = []
        """In the order in which they are written."""
        self.conditions: list[Scope] = []
        for one in inside:
            if one.block is None:
                continue
            if one.name == "location" and kind != "http":
                self.locations.append(Scope("location", one, one.block, self))
            elif one.name in ("if", "limit_except"):
                self.conditions.append(Scope(one.name, one, one.block, self))

    @property
    def at(self) -> Location | None:
        """Where the block begins."""
        return self.directive.at if self.directive is not None else None

    @property
    def name(self) -> str:
        """As a person calls it: `location /static/`, `server`."""
        words = () if self.directive is None else self.directive.args
        return " ".join((self.kind, *words)) if self.kind in ("location", "if") else self.kind

    @property
    def unread(self) -> tuple[Directive, ...]:
        """Includes of this block whose files are not in the repository."""
        return tuple(one for one in self.own if one.name == "include" and not is_harmless(one.first))

    def chain(self) -> Iterator[Scope]:
        """Yield the block and those around it, from the inside out."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def all(self) -> Iterator[Scope]:
        """Yield the block and all blocks in it that answer requests."""
        yield self
        for inner in (*self.locations, *self.conditions):
            yield from inner.all()

    def here(self, *names: str) -> list[Directive]:
        """Return the directives of these names that stand in this very block."""
        return [one for one in self.own if one.name in names]

    def last(self, name: str) -> Directive | None:
        """Return the directive of that name in this very block."""
        return next((one for one in reversed(self.own) if one.name == name), None)

    def value(self, name: str) -> Directive | None:
        """Return the directive that decides a value that is inherited, None where none is written."""
        return next((found for scope in self.chain() if (found := scope.last(name)) is not None), None)

    def group(self, *names: str) -> list[Directive]:
        """Return a list that is inherited whole: that of the nearest block that writes any of it."""
        return next((found for scope in self.chain() if (found := scope.here(*names))), [])

    def rooted(self) -> tuple[Directive, Scope] | None:
        """Return the `root` or `alias` in force, with the block that writes it; None: nginx's own folder."""
        for scope in self.chain():
            found = scope.last("alias") or scope.last("root")
            if found is not None:
                return found, scope
        return None

    def passes(self) -> Directive | None:
        """Return what hands the block's requests on to another server; an `if` has its location's."""
        for scope in self.chain():
            found = next((one for one in scope.own if one.name in PASSES), None)
            if found is not None or scope.kind not in ("if", "limit_except"):
                return found
        return None

    def handles(self) -> Directive | None:
        """Return what answers the block's requests in place of files."""
        for scope in self.chain():
            found = next((one for one in scope.own if one.name in HANDLERS), None)
            if found is not None or scope.kind not in ("if", "limit_except"):
                return found
        return None

    def location(self) -> Scope | None:
        """Return the location that the block is, or is in."""
        return next((scope for scope in self.chain() if scope.kind == "location"), None)

    def server(self) -> Scope | None:
        """Return the server that the block is, or is in."""
        return next((scope for scope in self.chain() if scope.kind == "server"), None)

    def added(self) -> list[Directive]:
        """Return the `add_header` in force: the inner ones alone, unless `add_header_inherit` says `merge`.

        nginx 1.29.3 `ngx_http_headers_module`: `on`, `off` or `merge`, itself inherited.
        """
        own: list[Directive] = []
        for scope in self.chain():
            here = scope.here("add_header")
            own = here + own
            told = scope.value("add_header_inherit")
            how = told.first if told is not None else "on"
            if how == "off" or (here and how != "merge"):
                break
        return own


def is_harmless(path: str) -> bool:
    """Return whether an include is of a file that nginx or certbot bring along, which sets no more than it says."""
    return _HARMLESS.search(path) is not None


_HARMLESS = re.compile(
    r"(?:^|/)(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params(?:\.conf)?|fastcgi\.conf|fastcgi-php\.conf"
    r"|options-ssl-nginx\.conf|ssl-dhparams\.pem|koi-\w+|win-utf)$|modules-enabled/|modules/|(?:conf\.d|http\.d|sites-enabled|sites-available)/\*"
)
