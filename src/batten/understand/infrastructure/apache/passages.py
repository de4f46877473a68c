"""Where an Apache hands requests on, and the headers that it puts on the answers (httpd 2.4 mod_headers)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.apache.sections import Kind
from batten.understand.nginx.doors import Door, Listen
from batten.understand.nginx.passages import Passage, Target, Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.infrastructure.apache.grammar import Directive
    from batten.understand.infrastructure.apache.installations import Installation
    from batten.understand.infrastructure.apache.sites import Site

_URL = re.compile(
    r"(?:unix:(?P<socket>[^|]+)\|)?(?:https?|uwsgi|wss?|ajp|h2c?|scgi)://(?P<host>\[[0-9a-fA-F:]+\]|[^/:\s\[\]]*)"
    r"(?::(?P<port>\d{1,5}))?(?:/.*)?"
)
_TLS_PORT = 443
_SETS = frozenset(("set", "append", "add", "merge", "setifempty"))


def handed_on(one: Installation, site: Site) -> Iterator[Passage]:
    """Yield a passage for each address of a host that is handed on to an app."""
    if site.at is None and any(d.name == "virtualhost" for d in one.directives):
        return  # what stands outside holds in each host
    for directive, url, target in _passing(site):
        added = _added(site, url)
        hidden = _unset(site, url) - set(added)
        yield Passage(
            "Apache",
            f"{directive.name} {url}",
            directive.at,
            (target,) if target is not None else (),
            directive.at,
            added,
            frozenset(hidden),
            unsure="" if one.is_whole or one.machine.container is not None else "the main file is not here",
            door=_door(site),
            reach=one.machine.reach,
            confidence=one.confidence,
            evidence=one.evidence,
        )


def _passing(site: Site) -> Iterator[tuple[Directive, str, Target | None]]:
    for directive in site.directives:
        if directive.name == "proxypass" and len(directive.args) > 1 and directive.args[1] != "!":
            yield directive, directive.args[0], _target(site, directive.args[1])
        elif directive.name == "wsgiscriptalias" and directive.args:
            yield directive, directive.args[0], None
    for section in site.sections.each:
        passed = next((d for d in section.directives if d.name == "proxypass" and d.args), None)
        if section.kind is Kind.LOCATION and passed is not None and passed.args[0] != "!":
            yield passed, section.pattern, _target(site, passed.args[0])


def _target(site: Site, text: str) -> Target | None:
    """Return the server that an address leads to; of a balancer its first member."""
    if text.startswith("balancer://"):
        name = text.split("/")[2]
        block = next(
            (d for d in site.directives if d.name == "proxy" and d.text.rstrip("/").endswith(f"//{name}")), None
        )
        member = next(
            (d for d in (block.inside or () if block is not None else ()) if d.name == "balancermember"), None
        )
        text = member.args[0] if member is not None and member.args else ""
    match = _URL.fullmatch(text)
    if match is None:
        return None
    host = f"unix:{match['socket']}" if match["socket"] else match["host"]
    return Target(host, int(match["port"]) if match["port"] else None)


def _headers(site: Site, url: str) -> Iterator[Directive]:
    """Yield the `Header` lines that hold for an address: of the host, then of its sections."""
    yield from (d for d in site.directives if d.name == "header")
    for section in site.sections.each:
        if section.kind is Kind.LOCATION and section.holds("", url):
            yield from (d for d in section.directives if d.name == "header")


def _words(directive: Directive) -> tuple[str, str, str, bool]:
    """Return action, name and value of a line, and whether it holds always."""
    args = list(directive.args)
    always = bool(args) and args[0].lower() == "always"
    if args and args[0].lower() in ("always", "onsuccess"):
        args.pop(0)
    action, name, value = (*args, "", "", "")[:3]
    return action.lower(), name.rstrip(":").lower(), value, always


def _added(site: Site, url: str) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for directive in _headers(site, url):
        action, name, value, always = _words(directive)
        if action in _SETS and value:
            # `%{VAR}e` and `expr=` are filled in for each answer.
            text = "$" if "%{" in value or value.startswith("expr=") else value
            found[name] = Written(text, directive.at, always)
        elif action == "unset":
            found.pop(name, None)
    return found


def _unset(site: Site, url: str) -> set[str]:
    return {name for action, name, _, _ in map(_words, _headers(site, url)) if action == "unset"}


def _door(site: Site) -> Door:
    engine = site.last("sslengine")
    tls = engine is not None and engine.text.lower() == "on"
    names = tuple(name for d in _named(site.own, "servername", "serveralias") for name in d.args)
    return Door((Listen(_TLS_PORT if tls else 80, tls=tls),), names, site.at, is_known=True)


def _named(directives: Iterable[Directive], *names: str) -> Iterator[Directive]:
    return (directive for directive in directives if directive.name in names)
