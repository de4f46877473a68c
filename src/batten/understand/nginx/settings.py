"""What single settings of an nginx come to: headers that are dropped, TLS, its version, the size of bodies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.understand.infrastructure import ciphers
from batten.understand.infrastructure.ciphers import OLD
from batten.understand.infrastructure.web import Banner, TlsTerms
from batten.understand.nginx.access import is_closed
from batten.understand.nginx.doors import doors
from batten.understand.nginx.guarded import reach_of
from batten.understand.nginx.headers import SECURITY
from batten.understand.nginx.locations import EXACT, REGEX, kind_of, pattern_of
from batten.understand.nginx.nouns import DroppedHeaders, NoHsts, OpenBody, PlainDoor
from batten.understand.nginx.passages import added
from batten.understand.nginx.scopes import PASSES
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.nginx.configurations import Configuration
    from batten.understand.nginx.doors import Door
    from batten.understand.nginx.scopes import Scope
    from batten.understand.nginx.syntax import Directive

_MODERN = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
_FILES = re.compile(
    r"(?:^|/)\^?(?:static|staticfiles|assets|media|images?|img|css|js|fonts|favicon\.ico|robots\.txt)\b"
)
_ENDINGS = re.compile(r"\\\.\(|\\\.[a-z0-9?]+\$?$")


# Headers


def dropped(configuration: Configuration) -> Iterator[DroppedHeaders]:
    """Yield the blocks whose own headers take security headers of the blocks around them away."""
    for server in configuration.servers:
        for scope in server.all():
            own = scope.here("add_header")
            if not own or scope.outer is None or _says_little(scope):
                continue
            held = {one.first.lower() for one in scope.added()}
            lost = [one for one in scope.outer.added() if one.first.lower() in SECURITY and len(one.args) > 1]
            lost = [one for one in lost if one.first.lower() not in held and one.args[1]]
            if lost:
                yield DroppedHeaders(
                    scope.name,
                    own[0].at,
                    tuple(dict.fromkeys(one.first for one in lost)),
                    lost[0].at,
                    scope.at,
                    _is_for_files(scope),
                    configuration.confidence,
                    configuration.evidence,
                )


def _says_little(scope: Scope) -> bool:
    """Return whether a block answers nothing that a browser shows: a fixed word, a refusal, a preflight."""
    answered = scope.last("return")
    if answered is None:
        return is_closed(scope)
    return answered.first[:1] in ("2", "4", "5") and (
        scope.kind == "if" or len(answered.args) < 2 or "<" not in answered.args[1]  # noqa: PLR2004 - status, text
    )


def _is_for_files(scope: Scope) -> bool:
    location = scope.location()
    if location is not None and _FILES.search(pattern_of(location)):
        return True
    if location is None or scope.passes() is not None:
        return location is not None and kind_of(location) == REGEX and bool(_ENDINGS.search(pattern_of(location)))
    if kind_of(location) == EXACT:
        return True
    return kind_of(location) == REGEX or location.last("alias") is not None


# TLS


def tls_terms(configuration: Configuration) -> Iterator[TlsTerms]:
    """Yield the old versions and weak suites that servers accept, each line once."""
    over_tls = [server for server in configuration.servers if doors(server).is_tls]
    blocks = over_tls or [configuration.http, *(configuration.servers if configuration.is_partial else ())]
    kept: dict[int, Directive] = {}
    for block in blocks:
        for name in ("ssl_protocols", "ssl_ciphers"):
            one = block.value(name)
            if one is not None:
                kept.setdefault(id(one), one)
    for one in kept.values():
        old = tuple(word for word in one.args if word in OLD) if one.name == "ssl_protocols" else ()
        weak = ciphers.weak(one.first) if one.name == "ssl_ciphers" else ()
        if old or weak:
            fix = "Write `ssl_protocols TLSv1.2 TLSv1.3;`." if old else f"Write `ssl_ciphers {_MODERN};`."
            yield TlsTerms("nginx", one.at, old, weak, fix, configuration.evidence)


# Version, bodies


def banners(configuration: Configuration) -> Iterator[Banner]:
    """Yield the nginx that says its version: one, at its first server."""
    told = [(server, server.value("server_tokens")) for server in configuration.servers]
    written = next((one for _, one in told if one is not None and one.first in ("on", "build")), None)
    silent = [server for server, one in told if one is None and server.kind == "server"]
    if written is None and not (silent and _is_all_known(configuration)):
        return
    http = configuration.http
    at = written.at if written is not None else http.at if configuration.is_whole and http.at else silent[0].at
    if at is None:
        return
    says = "nginx says its version: server_tokens is on" + ("" if written else ", as it comes")
    yield Banner("nginx", at, says, "Write `server_tokens off;` in http.", configuration.evidence)


def _is_all_known(configuration: Configuration) -> bool:
    """Return whether what no file here sets has nginx's default."""
    if configuration.http.unread or any(server.unread for server in configuration.servers):
        return False
    return configuration.is_whole or configuration.is_official


def open_bodies(configuration: Configuration) -> Iterator[OpenBody]:
    """Yield the lines that switch the limit of bodies off where requests are handed on."""
    seen: set[int] = set()
    for server in configuration.servers:
        for scope in server.all():
            one = scope.value("client_max_body_size")
            is_open = one is not None and one.first in ("0", "0m", "0k", "0g")
            if one is not None and is_open and scope.passes() is not None and id(one) not in seen:
                seen.add(id(one))
                yield OpenBody(one.at, configuration.confidence, configuration.evidence)


# HTTPS


def without_hsts(configuration: Configuration) -> Iterator[NoHsts]:
    """Yield the servers over TLS none of whose blocks sets Strict-Transport-Security."""
    for server in configuration.servers:
        door = doors(server)
        if not door.is_tls or door.is_at_home or server.at is None or any(around.unread for around in server.all()):
            continue
        if (server.outer is not None and server.outer.unread) or not _serves_pages(server):
            continue
        reach = reach_of(configuration, door)
        if reach is Reach.LOOPBACK or any(HSTS in added(scope) for scope in server.all()):
            continue
        yield NoHsts(server.at, door.names, reach, configuration.confidence, configuration.evidence)


HSTS = "strict-transport-security"


def _serves_pages(server: Scope) -> bool:
    """Return whether a server does more than redirect or refuse."""
    return server.last("return") is None and any(
        scope.passes() is not None or scope.last("root") is not None or scope.last("alias") is not None
        for scope in server.all()
        if scope.last("return") is None
    )


def plain_doors(configuration: Configuration) -> Iterator[PlainDoor]:
    """Yield the servers that hand on in the clear what another, or they themselves, take over TLS as well.

    Also those of an nginx without TLS that stands in front itself, as far as the repository tells.
    """
    over_tls = [door for server in configuration.servers if (door := doors(server)).is_tls]
    is_in_front = not over_tls and _is_in_front(configuration)
    for server in configuration.servers:
        door = doors(server)
        if not door.is_known or door.is_at_home or not _is_for_browsers(door, configuration) or _sends_on(server):
            continue
        if not is_in_front and not any(_shares(door, other) for other in over_tls):
            continue
        passed = next((one for scope in server.all() for one in _handing(scope) if over_tls or _says_http(scope)), None)
        reach = reach_of(configuration, door)
        if passed is not None and reach is not Reach.LOOPBACK:
            confidence = Confidence.POSSIBLE if is_in_front else configuration.confidence
            yield PlainDoor(passed.at, door.names, reach, confidence, configuration.evidence, is_alone=is_in_front)


def _is_in_front(configuration: Configuration) -> bool:
    """Return whether a container takes plain HTTP of everybody at port 80 and nothing at 443."""
    published = configuration.container.published if configuration.container is not None else ()
    open_to_all = {port.host for port in published if not port.is_local}
    return configuration.reach is Reach.WORLD and _HTTP in open_to_all and _HTTPS not in {one.host for one in published}


def _says_http(scope: Scope) -> bool:
    """Return whether the app is told the scheme of this connection: nothing before it that ends TLS is believed."""
    around: Scope | None = scope
    while around is not None and not around.here("proxy_set_header"):
        around = around.outer
    told = around.here("proxy_set_header") if around is not None else ()
    return any(one.first.lower() == "x-forwarded-proto" and one.args[-1] in _OWN_SCHEME for one in told if one.args)


def _is_for_browsers(door: Door, configuration: Configuration) -> bool:
    """Return whether plain HTTP is taken where browsers come: at port 80, of the machine or published as such."""
    published = configuration.container.published if configuration.container is not None else ()
    plain = {port.container for port in published if port.host == _HTTP} or {_HTTP}
    return any(not one.tls and one.port in plain for one in door.listens)


_HTTP, _HTTPS = 80, 443
_OWN_SCHEME = frozenset({"$scheme", "http"})


def _handing(scope: Scope) -> Iterator[Directive]:
    location = scope.location()
    if scope.kind == "if" or (location is not None and "well-known" in pattern_of(location)) or is_closed(scope):
        return
    if not scope.here("return"):
        yield from scope.here(*PASSES)


def _shares(door: Door, other: Door) -> bool:
    """Return whether two servers take a name in common."""
    if not door.names or not other.names or "_" in (*door.names, *other.names):
        return True
    return bool({*door.names} & {*other.names})


def _sends_on(server: Scope) -> bool:
    """Return whether the server, or a condition in it, redirects to https."""
    for scope in server.all():
        if scope.kind in ("server", "if") or pattern_of(scope) == "/":
            for one in (*scope.here("return", "rewrite"), *(two for if_ in scope.conditions for two in if_.own)):
                if any("https:" in word for word in one.args):
                    return True
    return False
