"""Containers of the compose projects, whatever runs in them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.yamltree import Items, Table, Text, entries, items, text_of
from batten.understand.infrastructure.nouns import Container, Mount, Role
from batten.understand.infrastructure.products import product_of
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.compose import Service
    from batten.understand.deploy.services import Composed, Drafted
    from batten.understand.infrastructure.ground import Ground

_LISTS = (
    "cap_add", "cap_drop", "security_opt", "devices", "expose", "secrets", "configs", "profiles", "group_add", "tmpfs",
)  # fmt: skip
_WALKED_ELSEWHERE = frozenset(("environment", "env_file", "ports", "volumes", "command", "entrypoint", "build"))


def read(ground: Ground) -> Iterator[Container]:
    """Yield the containers of the compose projects."""
    if ground.joined is None:
        return
    for composed in ground.joined.composed:
        for service, drafted in composed.services:
            yield _container(composed, service, drafted)


def _container(composed: Composed, service: Service, drafted: Drafted) -> Container:
    draft, stage = drafted.draft, drafted.stage
    at = Location(file=service.path, line=service.line)
    named = service.last("image")
    image = composed.text(named[1]) or "" if named else ""
    product = product_of(image) if stage is None else product_of(stage.base)
    user = service.last("user")
    role = product.role if product is not None else Role.APP if stage is not None else Role.OTHER
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
        mounts=tuple(_mounts(composed, service)),
        networks=tuple(_names(service, "networks")),
        facts=dict(_facts(composed, service)),
        lists={name: found for name in _LISTS if (found := tuple(_list(composed, service, name)))},
        evidence=draft.evidence,
    )


def _facts(composed: Composed, service: Service) -> Iterator[tuple[str, tuple[str, Location]]]:
    for name in service.parts:
        found = service.last(name)
        if found is not None and name not in _WALKED_ELSEWHERE and isinstance(found[1], Text):
            text = composed.text(found[1])
            if text is not None:
                yield name, (text, Location(file=found[0], line=found[1].line))


def _list(composed: Composed, service: Service, name: str) -> Iterator[tuple[str, Location]]:
    for path, node in service.parts.get(name, []):
        for item in items(node):
            if isinstance(item, Table):
                item = item.get("source") or item  # noqa: PLW2901 - the long form of a secret or a config
            text = composed.text(item) if isinstance(item, Text) else None
            if text is not None:
                yield text, Location(file=path, line=item.line)


def _names(service: Service, name: str) -> Iterator[str]:
    for _, node in service.parts.get(name, []):
        if isinstance(node, Items):
            yield from (text for item in node.items if (text := text_of(item)))
        else:
            yield from entries(node)


def _mounts(composed: Composed, service: Service) -> Iterator[Mount]:
    for origin, node in service.parts.get("volumes", []):
        for item in items(node):
            at = Location(file=origin, line=item.line)
            if isinstance(item, Table):
                source, target = composed.text(item.get("source")) or "", composed.text(item.get("target")) or ""
                is_read_only = text_of(item.get("read_only")) == "true"
            else:
                source, _, rest = (composed.text(item) or "").partition(":")
                target, _, options = rest.partition(":")
                source, target = (source, target) if rest else ("", source)  # a lone path is an anonymous volume
                is_read_only = "ro" in options.split(",")
            if not target:
                continue
            path = join(composed.folder(origin), source) if source.startswith(".") else None
            held = path if path is not None and composed.reading.sources.exists(path) else None
            yield Mount(source, posixpath.normpath(target), at, held, is_read_only)
