"""The directories that an nginx serves, and what of the repository visitors get from them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence
from batten.understand.infrastructure.strangers import GIT, Kept, kept_from
from batten.understand.infrastructure.web import Listing, ServedTree
from batten.understand.nginx.answers import Asked, where
from batten.understand.nginx.doors import doors
from batten.understand.nginx.exposed import Asker, Root, roots
from batten.understand.nginx.guarded import reach_of
from batten.understand.nginx.locations import EXACT, NAMED, REGEX, kind_of, pattern_of
from batten.understand.nginx.machine import Kind, Machine
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.nginx.configurations import Configuration
    from batten.understand.nginx.scopes import Scope
    from batten.understand.nginx.syntax import Directive

_SYSTEM = re.compile(r"/(?:etc|home|root|var|usr|opt|srv|proc|sys|var/log|var/lib|var/backups|mnt|tmp)?/?")
_SHARED = re.compile(r"/(?:srv|opt|usr|mnt|tmp|var)/?")
"""Directories whose content may be a site's after all."""
_FIX = "Let it name a directory that holds nothing but what visitors should get, such as `static`."


def trees(configuration: Configuration) -> Iterator[ServedTree]:
    """Yield the directories, each at the line that names it."""
    kept: dict[int, ServedTree] = {}
    for server in configuration.servers:
        door = doors(server)
        if configuration.is_partial or reach_of(configuration, door) is Reach.LOOPBACK:
            continue
        asker = Asker(configuration, server, configuration.machine)
        for root in roots(server):
            tree = _tree(configuration, asker, root)
            key = id(root.directive)
            if tree is not None and (key not in kept or len(tree.hidden) > len(kept[key].hidden)):
                kept[key] = tree
    yield from kept.values()


def _tree(configuration: Configuration, asker: Asker, root: Root) -> ServedTree | None:
    if not root.directory:
        return None
    machine = configuration.machine
    held = [_kept(asker, root, *part) for part in _parts(machine, root)]
    found = ServedTree(
        "nginx",
        root.url,
        root.directive.first,
        root.directive.at,
        machine.path(root.directory.rstrip("/") or "/"),
        tuple(path for kept in held for path in kept.hidden),
        tuple(path for kept in held for path in kept.sources),
        _is_systems(root) and _serves_any(asker, root),
        _FIX,
        configuration.evidence,
        configuration.confidence,
    )
    laid = machine.over(root.directory)
    if laid is not None and laid.at is not None and (found.hidden or found.sources):
        found = replace(found, evidence=(*found.evidence, Evidence(laid.at, f"lays the repository at {laid.place}")))
    return found if found.hidden or found.sources or found.is_systems else None


def _parts(machine: Machine, root: Root) -> Iterator[tuple[str, str, bool]]:
    """Yield the directories of the repository that lie in a root: where, which, and whether as on the host."""
    directory = root.directory.rstrip("/") or "/"
    over = machine.over(directory)
    path = machine.path(directory)
    if over is not None and path is not None:
        yield directory, path, over.mounted
    for laid in machine.laid:
        if laid.path is not None and laid.place.startswith(f"{directory.rstrip('/')}/"):
            yield laid.place, laid.path, laid.mounted


def _kept(asker: Asker, root: Root, place: str, folder: str, is_mounted: bool) -> Kept:  # noqa: FBT001 - as yielded
    """Return what no visitor should have of a directory of the repository, and gets."""
    machine = asker.machine
    files = machine.reading.files()
    if is_mounted:
        files = (*files, *machine.unlisted)

    def hands_out(inside: str) -> bool:
        here = f"{place.rstrip('/')}/{inside}"
        uri = asker.uri_of(root, here)
        over = machine.over(here)
        if uri is None or over is None or over.mounted is not is_mounted:
            return False
        if inside != GIT:
            return machine.kind(here) is Kind.FILE and asker.is_handed_out(uri, here)
        return Asker(asker.configuration, asker.server, Checkout(machine, here)).is_handed_out(uri, here)

    return kept_from(files, folder, hands_out, checkout=is_mounted)


def _is_systems(root: Root) -> bool:
    path = root.directory
    if _SYSTEM.fullmatch(path) is None:
        return False
    return root.directive.name == "root" or not _SHARED.fullmatch(path)


def _serves_any(asker: Asker, root: Root) -> bool:
    """Return whether a stranger gets files of a directory of which nothing is known, by some name."""
    names = ("etc/passwd", "passwd", "shop/settings.py", "log/syslog", "a.txt")
    for name in names:
        place = f"{root.directory.rstrip('/')}/{name}"
        uri = asker.uri_of(root, place)
        everything = Checkout(asker.machine, place)
        if uri is not None and Asker(asker.configuration, asker.server, everything).is_handed_out(uri, place):
            return True
    return False


class Checkout(Machine):
    """The same files, and one more."""

    def __init__(self, machine: Machine, place: str) -> None:
        """Add a file at a place."""
        super().__init__(machine.reading, machine.laid, tuple(machine.ignored), machine.unlisted)
        self.more = place

    def kind(self, place: str) -> Kind:
        """Return what is at a path."""
        return Kind.FILE if place == self.more else super().kind(place)


# Listings


def listings(configuration: Configuration) -> Iterator[Listing]:
    """Yield the lines that make nginx list directories to strangers."""
    kept: dict[int, tuple[Directive, list[str]]] = {}
    for server in configuration.servers:
        if reach_of(configuration, doors(server)) is Reach.LOOPBACK:
            continue
        asker = Asker(configuration, server, configuration.machine)
        for scope in server.all():
            told = scope.value("autoindex")
            if told is None or told.first != "on" or scope.kind not in ("server", "location", "fragment"):
                continue
            found = next((url for url in _urls(scope) if asker.lists(url) is told), None)
            if found is not None:
                what = found if _is_seen(asker, scope, found) else f"directories below {found}"
                kept.setdefault(id(told), (told, []))[1].append(what)
    for told, urls in kept.values():
        first, *more = dict.fromkeys(urls)
        what = first + (f" and {len(more)} more" if more else "")
        yield Listing(
            "nginx",
            what,
            told.at,
            "Take `autoindex on;` away.",
            configuration.evidence,
            configuration.confidence,
        )


def _is_seen(asker: Asker, scope: Scope, url: str) -> bool:
    """Return whether the directory itself is in the repository: else it may have an index, and others have none."""
    place = where(scope, Asked(url))
    return place is not None and asker.machine.kind(place) is Kind.DIRECTORY


def _urls(scope: Scope) -> Iterator[str]:
    """Yield addresses of directories that a block may answer."""
    if scope.kind != "location":
        yield "/"
        yield "/files/"
        return
    name, kind = pattern_of(scope), kind_of(scope)
    if kind == EXACT:
        yield name
    elif kind == REGEX:
        literal = re.match(r"\^?((?:/[\w-]+)+)", name)
        yield from (f"{literal[1]}/", f"{literal[1]}/files/") if literal else ()
    elif kind != NAMED:
        yield name if name.endswith("/") else f"{name}/"
        yield f"{name.rstrip('/')}/files/"
