"""Containers of the compose projects, whatever runs in them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.compose import listed, pairs
from batten.understand.deploy.development import is_production
from batten.understand.deploy.yamltree import Table, Text, items, text_of
from batten.understand.infrastructure.nouns import Container, Mount, Role
from batten.understand.infrastructure.products import product_of
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.compose import Service
    from batten.understand.deploy.services import Composed, Drafted
    from batten.understand.deploy.yamltree import Node
    from batten.understand.infrastructure.ground import Ground

_LISTS = (
    "cap_add", "cap_drop", "security_opt", "devices", "expose", "secrets", "configs", "profiles", "group_add", "tmpfs",
    "links", "depends_on", "external_links", "volumes_from", "extra_hosts", "device_cgroup_rules",
    "sysctls",
)  # fmt: skip
_WALKED_ELSEWHERE = frozenset(("environment", "env_file", "ports", "volumes", "command", "entrypoint", "build"))
_LIMITS = (("mem_limit", "memory"), ("pids_limit", "pids"), ("cpus", "cpus"))
"""Limits of `deploy: resources:` by their names at the service itself."""
_ACTIVE = "COMPOSE_PROFILES"


def read(ground: Ground) -> Iterator[Container]:
    """Yield the containers of the compose projects that production starts."""
    if ground.joined is None:
        return
    for composed in ground.joined.composed:
        if _is_for_development(composed, ground):
            continue
        active = _profiles(composed)
        for service, drafted in composed.services:
            if _is_startable(service) and _is_started(composed, service, active):
                yield _container(composed, service, drafted, ground)


def _is_for_development(composed: Composed, ground: Ground) -> bool:
    """Return whether its app was set aside, since another file of the repository starts it for production."""
    served = {unit.name for unit in ground.stack.units if unit.kind == "compose" and is_production(unit.start)}
    names = {service.name for service, _ in composed.services}
    return not names & served and any(f"the compose service {name}" in ground.stack.not_deployed for name in names)


def _is_startable(service: Service) -> bool:
    """Return whether it says what to start; else it is a part of one in a file that is merged somewhere else."""
    return any(service.last(name) is not None for name in ("image", "build", "extends"))


def _profiles(composed: Composed) -> frozenset[str]:
    told = composed.lookup(_ACTIVE).text or ""
    return frozenset(word.strip() for word in told.split(",") if word.strip())


def _is_started(composed: Composed, service: Service, active: frozenset[str]) -> bool:
    """Return whether compose starts it unasked; a profile that is named for production is taken to be active."""
    found = service.last("profiles")
    names = [composed.text(item) or "" for item in items(found[1])] if found is not None else []
    return not names or "*" in active or any(name in active or "prod" in name.lower() for name in names)


def _container(composed: Composed, service: Service, drafted: Drafted, ground: Ground) -> Container:
    draft, stage = drafted.draft, drafted.stage
    at = Location(file=service.path, line=service.line)
    named = service.last("image")
    image = composed.text(named[1]) or "" if named else ""
    product = product_of(image) if stage is None else product_of(stage.base)
    user = service.last("user")
    is_app = stage is not None or any(unit.name == service.name for unit in ground.stack.units)
    role = product.role if product is not None else Role.APP if is_app else Role.OTHER
    return Container(
        name=service.name,
        kind="compose",
        at=at,
        product=product.name if product is not None else "",
        role=role,
        image=image,
        image_at=Location(file=named[0], line=named[1].line) if named else None,
        stage=stage,
        words=draft.words,
        env=draft.env,
        unread=draft.unread,
        published=draft.published,
        reach=draft.reach,
        user=draft.user,
        user_at=Location(file=user[0], line=user[1].line) if user else None,
        mounts=(*_mounts(composed, service), *_files(composed, service)),
        networks=tuple(name for _, node in service.parts.get("networks", []) for name in listed(node)),
        facts=dict(_facts(composed, service)),
        lists={name: held for name, held in _lists(composed, service).items() if held},
        labels=dict(_labels(composed, service)),
        evidence=draft.evidence,
        project=composed.project.paths[0],
        behind=tuple(composed.proxies),
    )


def _facts(composed: Composed, service: Service) -> Iterator[tuple[str, tuple[str, Location]]]:
    for name in service.parts:
        found = service.last(name)
        if found is not None and name not in _WALKED_ELSEWHERE and isinstance(found[1], Text):
            text = composed.text(found[1])
            if text is not None:
                yield name, (text, Location(file=found[0], line=found[1].line))
    for path, node in service.parts.get("deploy", []):
        for name, key in _LIMITS:
            limit = node.get("resources", "limits", key) if isinstance(node, Table) else None
            text = composed.text(limit)
            if limit is not None and text is not None:
                yield name, (text, Location(file=path, line=limit.line))


def _lists(composed: Composed, service: Service) -> dict[str, tuple[tuple[str, Location], ...]]:
    found = {name: tuple(_list(composed, service, name)) for name in _LISTS}
    found["build_args"] = tuple(
        (f"{name}={text}", Location(file=path, line=line))
        for path, node in service.parts.get("build", [])
        if isinstance(node, Table)
        for name, value, line in pairs(node.get("args") or node)
        if node.get("args") is not None and (text := composed.text(value)) is not None
    )
    return found


def _labels(composed: Composed, service: Service) -> Iterator[tuple[str, tuple[str, Location]]]:
    for path, node in service.parts.get("labels", []):
        for name, value, line in pairs(node):
            yield name, (composed.text(value) or "", Location(file=path, line=line))


def _list(composed: Composed, service: Service, name: str) -> Iterator[tuple[str, Location]]:
    for path, node in service.parts.get(name, []):
        if isinstance(node, Table):
            for key, value in node.pairs:
                said = composed.text(value)
                yield key.text if said is None else f"{key.text}={said}", Location(file=path, line=key.line)
            continue
        for item in items(node):
            long = item.get("source") or item if isinstance(item, Table) else item  # of a secret, a config, a device
            text = composed.text(long) if isinstance(long, Text) else None
            if text is not None:
                yield text, Location(file=path, line=item.line)


def _mounts(composed: Composed, service: Service) -> Iterator[Mount]:
    """Yield what is mounted; the last of those with one target counts (Compose specification, `Merge and override`)."""
    found: dict[str, Mount] = {}
    for origin, node in service.parts.get("volumes", []):
        for item in items(node):
            mount = _mount(composed, origin, item)
            if mount is not None:
                found[mount.target] = mount
    yield from found.values()


def _files(composed: Composed, service: Service) -> Iterator[Mount]:
    """Yield the secrets and configs that compose mounts as files (Compose specification, `secrets`, `configs`)."""
    for key, folder in (("secrets", "/run/secrets"), ("configs", "")):
        for origin, node in service.parts.get(key, []):
            for item in items(node):
                name = composed.text(item.get("source") if isinstance(item, Table) else item) or ""
                target = composed.text(item.get("target")) if isinstance(item, Table) else None
                target = posixpath.join(folder, target or name) if target or folder else f"/{name}"
                for written_in, told in composed.tops(key).get(name, [])[-1:]:
                    content = told.get("content") if isinstance(told, Table) else None
                    if isinstance(content, Text):
                        at = Location(file=origin, line=item.line)
                        begins = Location(file=written_in, line=content.line + 1)
                        yield Mount(name, target, at, None, True, composed.text(content), begins)  # noqa: FBT003 - its field
                    source = composed.text(told.get("file") if isinstance(told, Table) else None)
                    if source:
                        path = join(composed.folder(written_in), source)
                        held = path if composed.reading.is_file(path) else None
                        yield Mount(source, target, Location(file=origin, line=item.line), held, read_only=True)


def _mount(composed: Composed, origin: str, item: Node) -> Mount | None:
    at = Location(file=origin, line=item.line)
    if isinstance(item, Table):
        source, target = composed.text(item.get("source")) or "", composed.text(item.get("target")) or ""
        is_read_only = text_of(item.get("read_only")) == "true"
        written = item.get("source")
        at = Location(file=origin, line=written.line) if written is not None else at
    else:
        source, _, rest = (composed.text(item) or "").partition(":")
        target, _, options = rest.partition(":")
        source, target = (source, target) if rest else ("", source)  # a lone path is an anonymous volume
        is_read_only = "ro" in options.split(",")
    if not target and not source.startswith("/"):
        return None
    source, at = _bound(composed, source, at)
    target = target or source  # compose refuses to start it; what is meant is plain
    path = join(composed.folder(origin), source) if source.startswith(".") else None
    held = path if path is not None and composed.reading.sources.exists(path) else None
    return Mount(source, posixpath.normpath(target), at, held, is_read_only)


def _bound(composed: Composed, name: str, at: Location) -> tuple[str, Location]:
    """Return the directory of the host that a named volume stands for, where its options say one.

    Docker docs, Volumes: the local driver hands `type`, `device` and `o` to mount(8).
    """
    for path, node in composed.tops("volumes").get(name, [])[-1:]:
        device = node.get("driver_opts", "device") if isinstance(node, Table) else None
        options = composed.text(node.get("driver_opts", "o") if isinstance(node, Table) else None) or ""
        source = composed.text(device)
        if device is not None and source and "bind" in options.split(","):
            return source, Location(file=path, line=device.line)
    return name, at
