"""Where a visitor's text becomes what it must not: the server that is asked, a header, the app's `Host`."""

from __future__ import annotations

import re
from string import ascii_letters
from typing import TYPE_CHECKING

from batten.understand.nginx.access import is_closed
from batten.understand.nginx.charsets import is_enumerated
from batten.understand.nginx.doors import doors
from batten.understand.nginx.flows import Source, sources, spelt_out
from batten.understand.nginx.nouns import ChosenTarget, HostPassed, OriginEchoed, SplicedPath
from batten.understand.nginx.passages import added
from batten.understand.nginx.values import VARIABLE, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.nginx.configurations import Configuration
    from batten.understand.nginx.scopes import Scope
    from batten.understand.nginx.syntax import Directive

_REDIRECTS = ("301", "302", "303", "307", "308")
_BEGINS_A_PATH = frozenset({"request_uri", "uri", "document_uri", "is_args"})
_FROM = {"arg": "the query", "cookie": "a cookie", "http": "a header", "args": "the query", "query": "the query"}
_LEAST = 2


def chosen_targets(configuration: Configuration) -> Iterator[ChosenTarget]:
    """Yield each `proxy_pass` whose server a visitor names."""
    for scope in _scopes(configuration):
        for one in scope.here("proxy_pass"):
            if is_closed(scope):
                continue
            found = next(_choosing(scope, one), None)
            if found is not None:
                yield ChosenTarget(
                    one.first, found.name, origin(found), one.at, configuration.confidence, configuration.evidence
                )


def _choosing(scope: Scope, one: Directive) -> Iterator[Source]:
    for name, rest in _authority(spelt_out(scope, one.first)):
        for source in sources(scope, f"${name}", one):
            if source.kind in ("unknown", "text"):
                continue
            if source.kind == "host" and not source.pattern and not _takes_any_host(scope):
                continue
            if source.pattern and is_enumerated(source.pattern, source.group):
                continue
            is_below = re.match(r"\.[\w-]+\.?[\w.-]*$", rest) is not None
            if source.pattern and is_below and not source.may_hold("/?#@:"):
                continue
            yield source._replace(name=name)


def _authority(text: str) -> Iterator[tuple[str, str]]:
    """Yield the variables that decide which server is asked, with the fixed text that follows each in its name."""
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "", text
    yield from ((name, "") for name in names(scheme))
    at = 0
    while at < len(rest) and rest[at] not in "/?":
        match = VARIABLE.match(rest, at)
        if match is None:
            at += 1
            continue
        name = match[1] or match[2]
        if name in _BEGINS_A_PATH and (at or mark):
            return
        at = match.end()
        yield name, re.split(r"[/?$:]", rest[at:], maxsplit=1)[0]


def _takes_any_host(scope: Scope) -> bool:
    server = scope.server()
    if server is None:
        return True
    door = doors(server)
    return not door.names or any(name in ("_", '""', "*") for name in door.names)


def origin(source: Source) -> str:
    """Return where a source is from, as a person calls it."""
    if source.kind == "path" or source.name in _BEGINS_A_PATH or source.pattern:
        return "the path" if source.kind != "host" else "the Host header"
    if source.kind == "host":
        return "the Host header"
    return _FROM.get(source.name.split("_")[0], "the request")


def spliced(configuration: Configuration) -> Iterator[SplicedPath]:
    """Yield where a decoded path becomes a part of a header, or of a request to the app."""
    for scope in _scopes(configuration):
        for one in scope.own:
            for text, becomes in _sinks(one):
                found = next((source for source in sources(scope, text, one) if _may_write_lines(one, source)), None)
                if found is not None and not (becomes == _REQUEST and is_closed(scope)):
                    variable = f"${found.group or found.name}"
                    yield SplicedPath(
                        one.name, variable, becomes, one.at, configuration.confidence, configuration.evidence
                    )
                    break


def _may_write_lines(one: Directive, source: Source) -> bool:
    """Return whether a visitor may write a line with a word in it.

    nginx encodes the numbered groups of a `rewrite` that redirects (1.22 `ngx_http_script_copy_capture_code`).
    """
    is_encoded = one.name == "rewrite" and source.group.isdigit() and source.pattern == one.first
    return not is_encoded and source.may_hold("\n") and source.may_hold(ascii_letters)


_REQUEST = "the request to the app"
_ANSWER = "a header of the answer"


def _sinks(one: Directive) -> Iterator[tuple[str, str]]:
    """Yield the texts of a directive that nginx sends without encoding them."""
    args = one.args
    if one.name == "return" and args:
        is_redirect = args[0] in _REDIRECTS and len(args) >= _LEAST
        if is_redirect or not args[0].isdigit():
            yield args[-1], _ANSWER
    elif one.name == "rewrite" and len(args) >= _LEAST:
        is_redirect = args[-1] in ("redirect", "permanent") and len(args) > _LEAST
        if is_redirect or args[1].startswith(("http://", "https://", "$scheme")):
            yield args[1], _ANSWER
    elif one.name == "add_header" and len(args) >= _LEAST:
        yield args[1], _ANSWER
    elif one.name == "proxy_set_header" and len(args) >= _LEAST:
        yield args[1], _REQUEST
    elif one.name == "proxy_pass" and args:
        yield args[0], _REQUEST


def hosts_passed(configuration: Configuration) -> Iterator[HostPassed]:
    """Yield what of the visitor's own the app gets as its Host: one for each way of choosing it."""
    kept: dict[bool, list[tuple[Directive, Scope]]] = {}
    for scope in _scopes(configuration):
        for one in scope.here("proxy_set_header", "grpc_set_header"):
            if one.first.lower() != "host" or len(one.args) < _LEAST or not _is_in_force(scope, one):
                continue
            found = [source for source in sources(scope, one.args[1], one) if source.name != "host"]
            kinds = {source.kind == "visitor" and source.name != "http_host" for source in found if _is_sent(source)}
            if kinds:
                kept.setdefault(True in kinds, []).append((one, scope))
    for is_chosen, held in kept.items():
        one = held[0][0]
        wheres = tuple(dict.fromkeys(scope.name for _, scope in held))
        yield HostPassed(
            one.args[1], one.at, is_chosen, wheres, confidence=configuration.confidence, evidence=configuration.evidence
        )


def origins_echoed(configuration: Configuration) -> Iterator[OriginEchoed]:
    """Yield the blocks that send the asking page's origin back as the one that may read answers, cookies included."""
    seen: set[object] = set()
    for scope in _scopes(configuration):
        held = added(scope)
        allowed, cookies = held.get("access-control-allow-origin"), held.get("access-control-allow-credentials")
        if allowed is None or cookies is None or cookies.text != "true" or allowed.at in seen or is_closed(scope):
            continue
        if _is_looked_at(scope) or not any(
            source.name == "http_origin" and not source.pattern for source in sources(scope, allowed.text)
        ):
            continue
        seen.add(allowed.at)
        yield OriginEchoed(scope.name, allowed.at, configuration.confidence, configuration.evidence)


def _is_looked_at(scope: Scope) -> bool:
    """Return whether a condition on the origin stands around a block."""
    return any(
        around.kind == "if" and around.directive is not None and "http_origin" in " ".join(around.directive.args)
        for around in scope.chain()
    )


def _is_sent(source: Source) -> bool:
    return source.kind == "visitor" or (source.kind == "host" and source.name == "http_host")


def _is_in_force(scope: Scope, one: Directive) -> bool:
    """Return whether some block that hands on has a line, or what is handed on is not in the repository."""
    handing = [inner for inner in scope.all() if any(two.name in ("proxy_pass", "grpc_pass") for two in inner.own)]
    if scope.kind == "http":
        return True
    return not handing or any(one in inner.group(one.name) for inner in handing)


def _scopes(configuration: Configuration) -> Iterator[Scope]:
    seen: set[int] = set()
    for top in (configuration.http, *configuration.servers):
        for scope in top.all():
            if id(scope) not in seen:
                seen.add(id(scope))
                yield scope
