"""Reads what hosting platforms are told to open: fly.toml, render.yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.deploy.yamltree import Items, Table, documents, items, text_of
from batten.understand.infrastructure.hosts.nouns import OpenService, PlainHttp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.yamltree import Node
    from batten.understand.infrastructure.ground import Ground

_STORES = {
    5432: "PostgreSQL", 3306: "MySQL", 6379: "Redis", 27017: "MongoDB", 11211: "Memcached", 9200: "Elasticsearch",
    5672: "RabbitMQ", 1433: "SQL Server",
}  # fmt: skip
_EVERYBODY = frozenset(("0.0.0.0/0", "::/0"))
_FORCE = "Write `force_https = true`."


def read(ground: Ground) -> Iterator[object]:
    """Yield what the platforms' files open."""
    for path in ground.files.get("platform", []):
        if path.endswith(".toml"):
            yield from _fly(ground, path)
        elif "render" in path.rpartition("/")[2]:
            yield from _render(ground, path)


def _fly(ground: Ground, path: str) -> Iterator[object]:
    """Yield what fly.toml opens (Fly.io, App configuration: `http_service`, `services`)."""
    import tomllib  # noqa: PLC0415 - only where there is such a file

    text = ground.reading.text(path) or ""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return  # told by the reader of what is started
    redirects = any(headers.https_only for app in ground.seen.apps for headers in app.headers)
    service = data.get("http_service")
    if isinstance(service, dict) and service.get("force_https") is not True and not redirects:
        line = _line(text, r"^\s*force_https\s*=", _line_of(text, "http_service")) or _line_of(text, "http_service")
        says = "plain HTTP is answered: force_https is "
        says += "off" if "force_https" in service else "not set, which is off"
        yield PlainHttp("Fly.io", Location(file=path, line=line), says, _FORCE)
    ports = list(_ports(data))
    for number, (port, inner) in enumerate(ports):
        handlers = port.get("handlers", [])
        line = _nth(text, number)
        if handlers == ["http"] and port.get("force_https") is not True and not redirects:
            told = _line(text, r"^\s*handlers\s*=", line) or line
            yield PlainHttp(
                "Fly.io", Location(file=path, line=told), "plain HTTP is answered: force_https is not set", _FORCE
            )
        elif not handlers and inner in _STORES:
            told = _line(text, r"^\s*port\s*=", line) or line
            fix = "Take the service out: other apps reach it in the private network, as `NAME.internal`."
            yield OpenService(
                _STORES[inner],
                f"port {port.get('port', inner)}",
                Location(file=path, line=told),
                fix,
                has_password=False,
            )


def _ports(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the ports of all services in the order in which they are written, each with the inner one."""
    services = data.get("services")
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict):
            inner = service.get("internal_port")
            held = service.get("ports")
            for port in held if isinstance(held, list) else ():
                if isinstance(port, dict):
                    yield port, inner if isinstance(inner, int) else 0


def _line_of(text: str, table: str) -> int:
    match = re.search(rf"^\s*\[{table}\]", text, re.MULTILINE)
    return text.count("\n", 0, match.end()) + 1 if match else 1


def _nth(text: str, number: int) -> int:
    """Return the line of the so-many-th `[[services.ports]]`."""
    heads = [
        text.count("\n", 0, match.end()) + 1
        for match in re.finditer(r"^\s*\[\[\s*services\.ports\s*\]\]", text, re.MULTILINE)
    ]
    return heads[number] if number < len(heads) else 1


def _line(text: str, pattern: str, after: int) -> int:
    """Return the line of what a pattern finds below a line, before the next table."""
    for number, line in enumerate(text.split("\n")[after:], start=after + 1):
        if line.lstrip().startswith("["):
            return 0
        if re.match(pattern, line):
            return number
    return 0


def _render(ground: Ground, path: str) -> Iterator[OpenService]:
    """Yield the data stores that everybody reaches (Render, Blueprint specification, `ipAllowList`)."""
    for document in documents(ground.reading, path):
        if not isinstance(document, Table):
            continue
        stores: list[tuple[str, Node]] = [("the database", one) for one in items(document.get("databases"))]
        stores += [("the key-value store", one) for one in items(document.get("services")) if _is_store(one)]
        for what, store in stores:
            listed = store.get("ipAllowList") if isinstance(store, Table) else None
            for entry in listed.items if isinstance(listed, Items) else ():
                source = entry.get("source") if isinstance(entry, Table) else None
                if source is not None and text_of(source) in _EVERYBODY and isinstance(store, Table):
                    name = text_of(store.get("name")) or what
                    fix = "Write `ipAllowList: []`: services of the same region reach it all the same."
                    yield OpenService(name, what, Location(file=path, line=source.line), fix)
                    break


def _is_store(node: Node) -> bool:
    return isinstance(node, Table) and text_of(node.get("type")) in ("redis", "keyvalue")
