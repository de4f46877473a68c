"""Compose projects as a whole: which apps are reached through a proxy, and which files say so."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.nouns import Container, Fleet, Role, Route

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.infrastructure.ground import Ground

_LABELS = re.compile(
    r"(?:traefik\.(?:enable=true|https?\.(?:routers|services)\.)|caddy(?:[._]\d+)?(?:\.reverse_proxy)?=)", re.IGNORECASE
)
"""What tells Traefik and caddy-docker-proxy to hand requests on."""
_NAMES = ("VIRTUAL_HOST",)
"""What tells nginx-proxy."""
_HANDS_ON = re.compile(
    r"proxy_pass|\bserver\s|uwsgi_pass|fastcgi_pass|reverse_proxy|ProxyPass|\burl:|BalancerMember|\bset\s",
    re.IGNORECASE,
)
_LISTENS = re.compile(r"listen\s[^;\n]{0,200}\b443\b")
_NUMBER = re.compile(r"\d{1,5}")
_TLS = frozenset((443, 8443))
_MOST_FILES = 50
_LARGEST = 200_000


def read(ground: Ground) -> Iterator[Fleet]:
    """Yield the compose projects."""
    projects: dict[str, list[Container]] = {}
    for container in ground.of(Container):
        if container.kind == "compose":
            projects.setdefault(container.project, []).append(container)
    for name, containers in projects.items():
        routes = tuple(
            route for one in containers if one.role is Role.APP for route in _routes(ground, one, containers)
        )
        yield Fleet(name, Location(file=name, line=1), tuple(containers), routes)


def _routes(ground: Ground, app: Container, containers: Sequence[Container]) -> Iterator[Route]:
    """Yield the proxies that hand requests on to an app."""
    label = next((at for name, (text, at) in app.labels.items() if _LABELS.match(f"{name}={text}")), None)
    variable = next((app.env[name] for name in _NAMES if name in app.env), None)
    has_tls = any(_has_tls(one) for one in containers)
    if label is not None:
        told = next((text for name, (text, _) in app.labels.items() if name.endswith(".loadbalancer.server.port")), "")
        yield Route("", app, label, int(told) if _NUMBER.fullmatch(told) else None, has_tls)
    elif variable is not None:
        told = app.env["VIRTUAL_PORT"].value or "" if "VIRTUAL_PORT" in app.env else ""
        yield Route("", app, variable.at, int(told) if _NUMBER.fullmatch(told) else None, has_tls)
    else:
        proxies = [proxy for proxy in containers if proxy.role is Role.PROXY and proxy.name != app.name]
        said = next(((proxy, said) for proxy in proxies if (said := _said(ground, proxy, app)) is not None), None)
        if said is not None:
            yield Route(said[0].name, app, *said[1], _has_tls(said[0]))
        else:
            yield from islice(chain(_linked(ground, app, proxies), _on_the_host(ground, app)), 1)


def _has_tls(container: Container) -> bool:
    return container.role is Role.PROXY and any({port.container, port.host} & _TLS for port in container.published)


def _said(ground: Ground, proxy: Container, app: Container) -> tuple[Location, int | None] | None:
    """Return where the files of a proxy tell it to hand on to an app, and to which port."""
    pattern = rf"(?<![\w.-]){re.escape(app.name)}(?![\w-])(?::(?P<port>\d{{1,5}}))?"
    found = (_line(ground, path, pattern) for path in _files(ground, proxy))
    return next((one for one in found if one is not None), None)


def _linked(ground: Ground, app: Container, proxies: Sequence[Container]) -> Iterator[Route]:
    """Yield the route of a proxy that waits for the app, where no proxy's files are in the repository."""
    if any(next(_files(ground, proxy), None) is not None for proxy in proxies):
        return
    for proxy in proxies:
        told = [*proxy.lists.get("depends_on", ()), *proxy.lists.get("links", ())]
        linked = next((at for text, at in told if text.partition(":")[0] == app.name), None)
        if linked is not None:
            yield Route(proxy.name, app, linked, None, _has_tls(proxy))
            return


def _files(ground: Ground, proxy: Container) -> Iterator[str]:
    """Yield the files that configure a proxy."""
    copied = list(proxy.stage.mounts) if proxy.stage is not None else []
    held = [path for _, path in copied] + [mount.path for mount in proxy.mounts if mount.path is not None]
    known = [*ground.files.get("proxied", ()), *(path for path in held if ground.reading.is_file(path))]
    found = [path for path in dict.fromkeys(known) if any(path == one or path.startswith(f"{one}/") for one in held)]
    yield from found[:_MOST_FILES]


def _on_the_host(ground: Ground, app: Container) -> Iterator[Route]:
    """Yield the route of a web server beside the containers that hands on to a port that the app publishes."""
    ports = {port.host: port.container for port in app.published if port.host is not None and not port.is_local}
    if not ports:
        return
    pattern = rf"(?:127\.0\.0\.1|localhost):(?P<port>{'|'.join(map(str, ports))})(?!\d)"
    for path in ground.files.get("proxied", ())[:_MOST_FILES]:
        found = _line(ground, path, pattern)
        if found is not None:
            at, outside = found
            has_tls = _LISTENS.search(ground.reading.text(path) or "") is not None
            yield Route(path, app, at, ports.get(outside or 0), has_tls)
            return


def _line(ground: Ground, path: str, pattern: str) -> tuple[Location, int | None] | None:
    """Return the first line that hands on to what the pattern names, and the port it names."""
    text = ground.reading.text(path) or ""
    for number, line in enumerate(text.split("\n") if len(text) <= _LARGEST else (), 1):
        match = None if line.lstrip().startswith("#") else re.search(pattern, line)
        if match is not None and _HANDS_ON.search(line):
            port = match.groupdict().get("port")
            return Location(file=path, line=number), int(port) if port else None
    return None
