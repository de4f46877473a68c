"""Draws what was surveyed: boxes for what runs, doors where it is reached, links for who talks to whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Box, Door, Link, Picture
from batten.understand.infrastructure.nouns import Container, DataStore, Role
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from batten.understand.infrastructure.nouns import Infrastructure
    from batten.understand.stack import Published, Stack, Unit, Variable
    from batten.understand.subjects import App

_HOST = re.compile(r"//(?:(?P<user>[^\s:/@]*)(?::[^\s@]*)?@)?(?P<host>[A-Za-z0-9][\w.-]*)(?=[:/?,]|$)")
_NAMED = re.compile(r"(?i)(?:host|server|address|addr|url|uri|endpoint|broker)s?$")
_TAG = re.compile(r"[^:/@]+:v?(\d[\w.]*)")
_STORES = frozenset((Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.STORAGE))
_WORKERS = frozenset(("celery", "rq", "dramatiq", "huey", "arq"))
_SHOWN = 70


def draw(around: Infrastructure, stack: Stack, apps: Sequence[App]) -> Picture:
    """Return the picture of all that production runs."""
    containers = [part for part in around.parts if isinstance(part, Container)]
    stores = {part.name: part for part in around.parts if isinstance(part, DataStore)}
    held = {container.name for container in containers}
    boxes = [_of_container(container, stack, apps, stores) for container in containers]
    boxes += [_of_unit(unit, apps) for unit in stack.units if unit.name not in held]
    links = [
        *_used(containers, {container.name: container.env for container in containers}),
        *_used(containers, {unit.name: unit.env for unit in stack.units if unit.name not in held}),
        *(part for part in around.parts if isinstance(part, Link)),
    ]
    links += _near(containers, links)
    return Picture(tuple({box.name: box for box in boxes}.values()), tuple(dict.fromkeys(links)))


def _of_container(container: Container, stack: Stack, apps: Sequence[App], stores: Mapping[str, DataStore]) -> Box:
    unit = next((unit for unit in stack.units if unit.name == container.name), None)
    frameworks = [app.framework for app in apps if app.unit.name == container.name and app.framework]
    says = [unit.command[:_SHOWN]] if unit is not None and container.role is Role.APP else []
    if container.user:
        says.append(f"as user {container.user}")
    says += [f"{mount.path} at {mount.target}" for mount in container.mounts if mount.path]
    store = stores.get(container.name)
    if store is not None and store.is_open:
        says.append("no password")
    is_worker = unit is not None and unit.start.server in _WORKERS
    kind = "app" if frameworks else "worker" if is_worker else container.role.value
    return Box(
        container.name,
        kind,
        ", ".join(dict.fromkeys(frameworks)) or _runs(container),
        container.at,
        tuple(says),
        tuple(_doors(container.published, container.reach)),
        container.networks,
    )


def _runs(container: Container) -> str:
    match = _TAG.search(container.image)
    version = f" {match[1]}" if match and container.product else ""
    built = container.stage.at.file if container.stage is not None else ""
    return f"{container.product}{version}" if container.product else container.image or built or ""


def _of_unit(unit: Unit, apps: Sequence[App]) -> Box:
    frameworks = [app.framework for app in apps if app.unit.name == unit.name and app.framework]
    is_worker = unit.start.server in _WORKERS
    says = [unit.command[:_SHOWN], *([f"as user {unit.user}"] if unit.user else [])]
    doors = list(_doors(unit.published, unit.reach))
    if not doors and unit.image is None:
        doors = list(_listens(app for app in apps if app.unit.name == unit.name))
    if not doors and unit.reach is Reach.PLATFORM and not is_worker:
        doors = [Door("", None, None, unit.at)]
    return Box(
        unit.name,
        "worker" if is_worker else "app",
        ", ".join(dict.fromkeys(frameworks)) or unit.start.server,
        unit.at,
        tuple(says),
        tuple(doors),
    )


def _doors(published: Sequence[Published], reach: Reach) -> Iterator[Door]:
    for one in published:
        is_open = not (one.address.startswith("127.") or one.address == "::1")
        yield Door(one.address, one.host, one.container, one.at, is_open)
    if not published and reach is Reach.WORLD:
        yield Door("0.0.0.0", None, None, None)  # noqa: S104 - told, not listened on


def _listens(apps: Iterable[App]) -> Iterator[Door]:
    """Yield what servers on the host itself listen on; a socket is no door."""
    for server in (server for app in apps for server in app.servers):
        host, port = server.host.value, str(server.port.value)
        if isinstance(host, str) and re.fullmatch(r"[\d.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*|localhost", host):
            is_open = not (host.startswith("127.") or host in {"::1", "localhost"})
            yield Door(host, int(port) if port.isdigit() else None, None, server.at, is_open)


def _used(containers: Sequence[Container], env: Mapping[str, Mapping[str, Variable]]) -> Iterator[Link]:
    """Yield links to containers that the variables of others name as a host."""
    names = {container.name: container for container in containers}
    for begin, variables in env.items():
        for name, variable in variables.items():
            for host, user in _hosts(name, variable.value or ""):
                if host in names and host != begin:
                    yield Link(begin, host, f"as {user}" if user and names[host].role is Role.DATABASE else "")


def _hosts(name: str, value: str) -> Iterator[tuple[str, str]]:
    for match in _HOST.finditer(value):
        yield match["host"], match["user"] or ""
    if _NAMED.search(name) and re.fullmatch(r"[\w.-]+(:\d+)?", value):
        yield value.partition(":")[0], ""


def _near(containers: Sequence[Container], known: Sequence[Link]) -> Iterator[Link]:
    """Yield links to what nobody is known to use, from those that share a network with it."""
    reached = {link.end for link in known}
    for container in containers:
        if container.name in reached:
            continue
        for other in containers:
            if other.name == container.name or not _share(container, other):
                continue
            to_store = container.role in _STORES and other.role is Role.APP
            to_app = container.role is Role.APP and other.role is Role.PROXY
            if to_store or to_app:
                yield Link(other.name, container.name, is_known=False)


def _share(one: Container, other: Container) -> bool:
    return one.kind == other.kind and (
        bool(set(one.networks) & set(other.networks)) or not (one.networks or other.networks)
    )
