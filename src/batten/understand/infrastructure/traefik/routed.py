"""What a Traefik routes to: its own dashboard, and services that nobody meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.infrastructure.nouns import Container, Role
from batten.understand.infrastructure.traefik.settings import Settings, labels
from batten.understand.infrastructure.web import StatusPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Evidence, Location
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.infrastructure.machines import Machine

_HARMLESS = frozenset(
    "addprefix buffering circuitbreaker compress contenttype errors grpcweb headers inflightreq passtlsclientcert"
    " ratelimit redirectregex redirectscheme replacepath replacepathregex retry stripprefix stripprefixregex".split()
)
"""Kinds of middleware that let everybody pass."""
_SPEAKS_HTTP = frozenset(
    "couchdb clickhouse influxdb neo4j elasticsearch opensearch solr meilisearch qdrant minio".split()
)
_FIX = "Put a middleware with a login before it: `basicAuth`, `forwardAuth` or `ipAllowList`."


@dataclass(frozen=True, slots=True)
class RoutedByDefault:
    """A Traefik that routes to each container that does not refuse it, and services that it so opens."""

    at: Location
    services: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()


def labels_of(container: Container) -> Settings:
    """Return what a container's labels say to Traefik."""
    return labels([(name, text, at) for name, (text, at) in container.labels.items()])


def by_default(ground: Ground, machine: Machine, static: Settings) -> Iterator[RoutedByDefault]:
    """Yield the services beside a Traefik that it routes to without having been told."""
    at = static.below("providers.docker")
    held = machine.container
    if at is None or held is None or static.off("providers.docker") or static.off("providers.docker.exposedbydefault"):
        return
    if static.each.get("providers.docker.constraints") is not None:
        return
    networks = set(held.networks)
    found = []
    for other in ground.of(Container):
        told = labels_of(other)
        is_beside = other.kind == held.kind and other.project == held.project and other is not held
        if not is_beside or told.each or other.facts.get("network_mode"):
            continue
        shares = networks & set(other.networks) or (not networks and not other.networks)
        if shares and (other.role in (Role.ADMIN, Role.SEARCH) or other.product in _SPEAKS_HTTP):
            found.append(other.name)
    if found:
        yield RoutedByDefault(at, tuple(found), machine.evidence)


def labelled(ground: Ground, machine: Machine, static: Settings) -> Iterator[StatusPage]:
    """Yield the routes to the dashboard that labels of any service make."""
    held = [labels_of(container) for container in ground.of(Container)]
    for settings in held:
        if not settings.off("enable") and settings.below("http") is not None:
            yield from dashboards(machine, static, settings, held)


def dashboards(machine: Machine, static: Settings, own: Settings, every: Sequence[Settings]) -> Iterator[StatusPage]:
    """Yield the routes to Traefik's own API that no login stands before."""
    if static.each and static.below("api") is None:
        return  # without the API the service does not exist
    for match, text, at in own.matching(r"http\.routers\.([^.]+)\.service"):
        if text.lower() not in ("api@internal", "dashboard@internal"):
            continue
        used = names(own, f"http.routers.{match[1]}.middlewares")
        for point in names(own, f"http.routers.{match[1]}.entrypoints"):
            used += names(static, f"entrypoints.{point.lower()}.http.middlewares")
        if all(_lets_all_pass(name, every, 0) for name in used):
            says = "Traefik's API and dashboard are open: they show every route, service and middleware"
            yield StatusPage("traefik", says, at, _FIX, machine.reach, tells_much=True, evidence=machine.evidence)


def names(settings: Settings, key: str) -> list[str]:
    """Return a list of names, written as one text or as a list."""
    told = [
        text
        for name, (text, _) in settings.each.items()
        if name == key or re.fullmatch(rf"{re.escape(key)}\[\d+\]", name)
    ]
    return [name.strip() for text in told for name in text.split(",") if name.strip()]


def members(plain: str, every: Sequence[Settings]) -> list[str]:
    """Return the middlewares that a chain is made of."""
    return [name for settings in every for name in names(settings, f"http.middlewares.{plain}.chain.middlewares")]


def _lets_all_pass(name: str, every: Sequence[Settings], depth: int) -> bool:
    """Return whether a middleware is known to stop nobody."""
    plain = name.partition("@")[0].lower()
    prefix = f"http.middlewares.{plain}."
    kinds: set[str] = set()
    for settings in every:
        for key in settings.each:
            if key.startswith(prefix):
                kinds.add(key[len(prefix) :].split(".")[0].split("[")[0])
    if kinds == {"chain"} and depth < 10:  # noqa: PLR2004 - chains of chains are seldom deeper than two
        return all(_lets_all_pass(member, every, depth + 1) for member in members(plain, every))
    return bool(kinds) and kinds <= _HARMLESS
