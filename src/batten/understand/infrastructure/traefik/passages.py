"""Which containers a Traefik hands requests on to, and the headers that middlewares put on their answers.

Traefik 3.1 docs, Headers: `customResponseHeaders` and the security headers that have a setting of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.nouns import Container
from batten.understand.infrastructure.traefik.routed import labels_of, members, names
from batten.understand.nginx.doors import Door, Listen
from batten.understand.nginx.passages import Passage, Target, Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Location
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.infrastructure.machines import Machine
    from batten.understand.infrastructure.traefik.settings import Settings

_TRUE = frozenset(("true", "1", "t"))
_PORT = re.compile(r":(\d{1,5})")


def handed_on(ground: Ground, machine: Machine, static: Settings, files: Sequence[Settings]) -> Iterator[Passage]:
    """Yield a passage for each router that a container's labels make."""
    containers = ground.of(Container)
    every = [*(labels_of(one) for one in containers), *files]
    for container in containers:
        own = labels_of(container)
        if not own.off("enable"):
            yield from _of_container(container, own, (static, every), machine)


def _of_container(
    container: Container, own: Settings, around: tuple[Settings, Sequence[Settings]], machine: Machine
) -> Iterator[Passage]:
    static, every = around
    routers = dict.fromkeys(match[1] for match, _, _ in own.matching(r"http\.routers\.([^.]+)\..+"))
    for router in routers:
        prefix = f"http.routers.{router}"
        at = own.below(prefix)
        if at is None or own.each.get(f"{prefix}.service", ("", at))[0].endswith("@internal"):
            continue
        points = [point.lower() for point in names(own, f"{prefix}.entrypoints")]
        used = names(own, f"{prefix}.middlewares")
        for point in points:
            used += names(static, f"entrypoints.{point}.http.middlewares")
        added: dict[str, Written] = {}
        missing = [name for name in used if not _collect(name, every, added, 0)]
        tls = own.below(f"{prefix}.tls") or next((static.below(f"entrypoints.{p}.http.tls") for p in points), None)
        yield Passage(
            "Traefik",
            f"the router {router}",
            at,
            (Target(container.name),),
            at,
            added,
            unsure=f"the middleware {missing[0]} is not in the repository" if missing else "",
            door=Door((Listen(_port(static, points), tls=tls is not None),), is_known=True),
            reach=machine.reach,
            evidence=machine.evidence,
        )


def _port(static: Settings, points: Sequence[str]) -> int | None:
    for point in points:
        told = static.each.get(f"entrypoints.{point}.address")
        match = _PORT.search(told[0]) if told is not None else None
        if match is not None:
            return int(match[1])
    return None


def _collect(name: str, every: Sequence[Settings], added: dict[str, Written], depth: int) -> bool:
    """Add the headers of a middleware; return whether it is in the repository."""
    plain = name.partition("@")[0].lower()
    prefix = f"http.middlewares.{plain}."
    is_there = False
    for settings in every:
        held = {key[len(prefix) :]: told for key, told in settings.each.items() if key.startswith(prefix)}
        is_there = is_there or bool(held)
        for key, (text, at) in held.items():
            if key.startswith("headers."):
                _header(key.removeprefix("headers."), text, at, added)
    inner = members(plain, every) if depth < _DEEPEST else []
    found = [_collect(one, every, added, depth + 1) for one in inner]  # each of them, the first that is missing or not
    return is_there and all(found)


_DEEPEST = 10
_OWN = {
    "customframeoptionsvalue": "x-frame-options",
    "contentsecuritypolicy": "content-security-policy",
    "referrerpolicy": "referrer-policy",
    "permissionspolicy": "permissions-policy",
    "featurepolicy": "feature-policy",
}


def _header(key: str, text: str, at: Location, added: dict[str, Written]) -> None:
    """Add the header that one setting of the middleware `headers` puts on answers."""
    if key.startswith("customresponseheaders.") and text:
        added[key.removeprefix("customresponseheaders.")] = Written(text, at)
    elif key in _OWN and text:
        added[_OWN[key]] = Written(text, at)
    elif key == "framedeny" and text.lower() in _TRUE:
        added.setdefault("x-frame-options", Written("DENY", at))
    elif key == "contenttypenosniff" and text.lower() in _TRUE:
        added["x-content-type-options"] = Written("nosniff", at)
    elif key == "stsseconds" and text.isdigit() and int(text):
        added["strict-transport-security"] = Written(f"max-age={text}", at)
