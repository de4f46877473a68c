"""Where an nginx hands requests on: to whom, with which headers there and back."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.model.data import dataclass
from batten.understand.nginx.doors import Door, doors
from batten.understand.nginx.headers import is_always
from batten.understand.nginx.values import filled
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.model import Evidence, Location
    from batten.understand.nginx.configurations import Configuration
    from batten.understand.nginx.scopes import Scope
    from batten.understand.nginx.syntax import Directive

_TARGET = re.compile(r"(?:(?:https?|grpcs?|uwsgi|fastcgi|scgi)://)?(?P<host>unix:[^:;]+|\[[0-9a-fA-F:]+\]|[^/:;\s]+)"
                     r"(?::(?P<port>\d+))?(?:[:/].*)?", re.DOTALL)  # fmt: skip
_PARAMS = {"uwsgi_pass": "uwsgi_param", "fastcgi_pass": "fastcgi_param", "scgi_pass": "scgi_param"}
_SETS = {"proxy_pass": "proxy_set_header", "grpc_pass": "grpc_set_header"}


@dataclass(frozen=True, slots=True)
class Target:
    """One server that requests are handed to."""

    host: str
    """A name, an address, or `unix:/run/app.sock`."""
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A value with its place."""

    text: str
    at: Location
    always: bool = True
    """Of an answer's header: it is on errors too."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A block that hands requests on."""

    server: str
    """`nginx`."""
    where: str
    """The block, as a person calls it: `location /api/`."""
    at: Location
    """What hands on."""
    targets: tuple[Target, ...]
    """Empty: they are not known."""
    block: Location | None = None
    """Where the block begins."""
    added: Mapping[str, Written] = field(default_factory=dict)
    """Headers put on the answers, lower-case names."""
    hidden: frozenset[str] = frozenset()
    """Headers of the app's answers that are taken away, lower case."""
    told: Mapping[str, Written] = field(default_factory=dict)
    """Headers of the request as the app gets them, where they are set; empty texts are not sent."""
    unsure: str = ""
    """Why there may be further headers."""
    asks_more: bool = False
    """The request may get further headers, from a file that is not in the repository."""
    door: Door = field(default_factory=Door)
    reach: Reach = Reach.UNKNOWN
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


def passages(configuration: Configuration) -> Iterator[Passage]:
    """Yield where an nginx hands requests on."""
    upstreams = _upstreams(configuration.http)
    for server in configuration.servers:
        door = doors(server)
        for scope in server.all():
            passed = next((one for one in scope.own if one.name in _SETS or one.name in _PARAMS), None)
            if passed is not None:
                yield _passage(configuration, scope, passed, door, upstreams)


def _passage(
    configuration: Configuration,
    scope: Scope,
    passed: Directive,
    door: Door,
    upstreams: Mapping[str, tuple[Target, ...]],
) -> Passage:
    return Passage(
        "nginx",
        scope.name,
        passed.at,
        targets(scope, passed.first, upstreams),
        scope.at,
        added(scope),
        frozenset(one.first.lower() for one in scope.group("proxy_hide_header")),
        told(scope, passed),
        _unsure(scope, configuration),
        any(around.unread for around in scope.chain()),
        door,
        configuration.reach,
        configuration.confidence,
        configuration.evidence,
    )


def added(scope: Scope) -> dict[str, Written]:
    """Return the headers of a block's answers, `more_set_headers` with them."""
    found: dict[str, Written] = {}
    for one in scope.added():
        if len(one.args) > 1 and one.args[1]:
            found[one.first.lower()] = Written(one.args[1], one.at, is_always(one))
    for around in reversed(list(scope.chain())):  # headers-more 0.38: each block's own come on top
        for one in around.here("more_set_headers"):
            for text in one.args:
                name, colon, value = text.partition(":")
                if colon and value.strip():
                    found[name.strip().lower()] = Written(value.strip(), one.at)
    return found


def told(scope: Scope, passed: Directive) -> dict[str, Written]:
    """Return the request's headers that a block sets for the server behind it; nginx's own two with them.

    nginx 1.22 `ngx_http_proxy_headers`: `Host $proxy_host` and `Connection close`, unless the block in force sets
    them. All others come as the visitor sent them.
    """
    setting = _SETS.get(passed.name)
    found: dict[str, Written] = {"host": Written("$proxy_host", passed.at)} if setting else {}
    for one in scope.group(setting) if setting else scope.group(_PARAMS.get(passed.name, "")):
        if len(one.args) > 1:
            name = one.args[0] if setting else _as_header(one.args[0])
            found[name.lower()] = Written(one.args[1], one.at)
    return found


def _as_header(parameter: str) -> str:
    return parameter.removeprefix("HTTP_").replace("_", "-") if parameter.startswith("HTTP_") else f"({parameter})"


def targets(scope: Scope, written: str, upstreams: Mapping[str, tuple[Target, ...]]) -> tuple[Target, ...]:
    """Return the servers that a `proxy_pass` or the like leads to."""
    text = filled(written, _constants(scope))
    match = _TARGET.fullmatch(text) if text is not None else None
    if match is None:
        return ()
    host = match["host"]
    return upstreams.get(host) or (Target(host, int(match["port"][:6]) if match["port"] else None),)


def _constants(scope: Scope) -> dict[str, str | None]:
    """Return variables that `set` gives a fixed text, around and in a block."""
    held: dict[str, str | None] = dict.fromkeys(("uri", "request_uri", "document_uri"), "/")
    held |= {"is_args": "", "args": ""}
    for around in reversed(list(scope.chain())):
        for one in around.here("set"):
            if len(one.args) == 2:  # noqa: PLR2004 - a name and a value
                held[one.first.lstrip("$")] = filled(one.args[1], held)
    return held


def _upstreams(http: Scope) -> dict[str, tuple[Target, ...]]:
    found: dict[str, tuple[Target, ...]] = {}
    for one in http.here("upstream"):
        inside = [inner.first for inner in one.block or () if inner.name == "server"]
        held = [target for text in inside for target in targets(http, text, {})]
        found[one.first] = tuple(held)
    return found


def _unsure(scope: Scope, configuration: Configuration) -> str:
    for around in scope.chain():
        if around.unread:
            return f"{around.unread[0].first} is not in the repository"
        if around.here("add_header"):
            return ""
    return "" if configuration.is_whole or configuration.container is not None else "the main file is not here"
