"""Reads compose files: which of them make production, merged, as services."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy.yamltree import Items, Node, Table, Text, documents, entries, items, text_of
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from batten.understand.deploy.reading import Reading

_BASES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_PRODUCTION = re.compile(
    r"(?:^|[._-])(?:prod|production|deploy|deployment|live|release|stack|swarm)[._-]", re.IGNORECASE
)
_NAMED = re.compile(r"\bdocker[- ]compose\b([^\n|;&]*)")
_FILE_OPTION = re.compile(r"(?:\s-f|\s--file)[ =]([\w./-]+\.ya?ml)")
_DEEPEST = 6
_MOST_INCLUDED = 50
_OVERRIDE = "compose adds it only where no file is named with -f: it is for development"


@dataclass(frozen=True, slots=True)
class Project:
    """Compose files that are used together."""

    paths: tuple[str, ...]
    directory: str
    """Of the first file: paths in all of them are relative to it."""


@dataclass(slots=True)
class Service:
    """A service: its parts by key, each with the file that wrote it."""

    name: str
    parts: dict[str, list[tuple[str, Node]]] = field(default_factory=dict)
    """In the order of the files; which one counts depends on the key."""
    path: str = ""
    line: int = 1

    def last(self, name: str) -> tuple[str, Node] | None:
        """Return what the last file that writes this key writes."""
        found = self.parts.get(name)
        return found[-1] if found else None


def projects(reading: Reading, paths: Iterable[str], not_deployed: dict[str, str]) -> list[Project]:
    """Return the compose projects of production; other files go to `not_deployed`."""
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(posixpath.dirname(path) or ".", []).append(path)
    named = _named_by_scripts(reading) if folders or not_deployed else []
    found: list[Project] = []
    for folder, members in folders.items():
        project = _by_command(folder, members, named, not_deployed)
        project = project or _by_names(reading, folder, members, not_deployed)
        if project is not None:
            found.append(project)
    return found


def _named_by_scripts(reading: Reading) -> list[tuple[str, ...]]:
    """Return the lists of files that scripts give to compose with `-f`, base names only."""
    found: list[tuple[str, ...]] = []
    for path in reading.files():
        name = path[path.rfind("/") + 1 :]
        if not (name.endswith((".sh", ".service")) or name in ("Makefile", "justfile", "Taskfile.yml")):
            continue
        text = reading.text(path) or ""
        for match in _NAMED.finditer(text) if "compose" in text else ():
            files = tuple(posixpath.basename(f) for f in _FILE_OPTION.findall(match[1]))
            if files:
                found.append(files)
    return found


def _by_command(
    folder: str, members: list[str], named: list[tuple[str, ...]], not_deployed: dict[str, str]
) -> Project | None:
    """Return the files that a deploy command names, when one of them says production."""
    for files in named:
        paths = [join(folder, name) for name in files]
        if not any(_PRODUCTION.search(name) for name in files):
            continue
        if all(path in members for path in paths):
            for member in members:
                if member not in paths:
                    not_deployed[member] = f"the deploy command names {' and '.join(files)}"
            return Project(tuple(path for path in paths if path), folder)
    return None


def _by_names(reading: Reading, folder: str, members: list[str], not_deployed: dict[str, str]) -> Project | None:
    names = {posixpath.basename(path): path for path in members}
    bases = [names[name] for name in _BASES if name in names]
    overlays = [p for n, p in sorted(names.items()) if p not in bases and _is_production(reading, n, p)]
    for base in bases[1:]:
        not_deployed[base] = f"compose reads {posixpath.basename(bases[0])} in its place"
    for path in members:
        if path not in bases and path not in overlays and "compose" in posixpath.basename(path).lower():
            is_override = ".override." in path
            not_deployed[path] = _OVERRIDE if is_override else "it is used only where a command names it"
    if not bases:
        return Project(tuple(overlays[:1]), folder) if overlays else None
    alone = next((path for path in overlays if _stands_alone(reading, bases[0], path)), None)
    if alone is not None:
        not_deployed[bases[0]] = f"{posixpath.basename(alone)} stands alone in its place"
        return Project((alone,), folder)
    return Project((bases[0], *overlays), folder)


def _is_production(reading: Reading, name: str, path: str) -> bool:
    if not _PRODUCTION.search(name) and not re.match(r"prod(uction)?\.ya?ml|docker-stack", name):
        return False
    return "compose" in name or bool(_services(reading, path))


def _services(reading: Reading, path: str) -> Mapping[str, tuple[Text, Node]]:
    found = documents(reading, path)
    return entries(found[0].get("services")) if found and isinstance(found[0], Table) else {}


def _stands_alone(reading: Reading, base: str, overlay: str) -> bool:
    """Return whether a production file repeats everything that the base file has.

    An overlay that is merged only names what differs; one that gives every
    service an image or a build again is written to be used by itself.
    """
    below, above = _services(reading, base), _services(reading, overlay)
    if not above or not below.keys() <= above.keys():
        return False
    for name, (_, node) in above.items():
        own = entries(node)
        if "build" not in own and "image" not in own:
            return False
        if name in below and "build" in entries(below[name][1]) and "build" not in own:
            return False
    return True


# Services


def services(reading: Reading, project: Project) -> list[Service]:
    """Return the services of a project, its files merged, `extends` followed."""
    merged: dict[str, Service] = {}
    for path in project.paths:
        for name, (key, node) in _included(reading, path).items():
            service = merged.setdefault(name, Service(name, path=key[0], line=key[1]))
            for origin, table in node:
                _merge(service, origin, table)
    return list(merged.values())


_Found = dict[str, tuple[tuple[str, int], list[tuple[str, Node]]]]


def _included(reading: Reading, path: str) -> _Found:
    """Return the services of a file and of those that it includes, base first.

    What a file says of a service that it includes is merged over it (compose 2.24).
    """
    found: _Found = {}
    for origin, root in _roots(reading, path, set()):
        for service, (key, node) in entries(root.get("services")).items():
            bases = _extended(reading, origin, node, root, 0)
            included = found[service][1] if service in found else []
            found[service] = ((origin, key.line), [*included, *bases, (origin, node)])
    return found


def _extended(reading: Reading, path: str, node: Node, root: Table, depth: int) -> list[tuple[str, Node]]:
    """Return the services that one extends, base first."""
    extends = entries(node).get("extends")
    if extends is None or depth >= _DEEPEST:
        return []
    value = extends[1]
    name = text_of(value) or text_of(value.get("service") if isinstance(value, Table) else None)
    file = text_of(value.get("file")) if isinstance(value, Table) else None
    if file is not None:
        other = join(posixpath.dirname(path) or ".", file)
        texts = documents(reading, other) if other is not None and reading.is_file(other) else []
        if other is None or not texts or not isinstance(texts[0], Table):
            reading.unsure(path, f"{file}, which a service extends, could not be read")
            return []
        path, root = other, texts[0]
    base = entries(root.get("services")).get(name or "")
    if base is None:
        return []
    return [*_extended(reading, path, base[1], root, depth + 1), (path, base[1])]


def _merge(service: Service, path: str, node: Node) -> None:
    for name, (_, value) in entries(node).items():
        if value.tag == "!reset":
            service.parts.pop(name, None)
        elif value.tag == "!override":
            service.parts[name] = [(path, value)]
        else:
            service.parts.setdefault(name, []).append((path, value))


def tops(reading: Reading, project: Project, key: str) -> dict[str, list[tuple[str, Node]]]:
    """Return the entries of a top-level key of the project's files by name, each with its file."""
    found: dict[str, list[tuple[str, Node]]] = {}
    for path in project.paths:
        for origin, root in _roots(reading, path, set()):
            for name, (_, node) in entries(root.get(key)).items():
                found.setdefault(name, []).append((origin, node))
    return found


def _roots(reading: Reading, path: str, seen: set[str]) -> Iterator[tuple[str, Table]]:
    """Yield the file and those that it includes, those first, each once."""
    texts = documents(reading, path)
    if path in seen or not texts or not isinstance(texts[0], Table):
        return
    seen.add(path)
    for other in _includes(reading, path, texts[0]) if len(seen) < _MOST_INCLUDED else ():
        yield from _roots(reading, other, seen)
    yield path, texts[0]


def _includes(reading: Reading, path: str, root: Table) -> Iterator[str]:
    folder = posixpath.dirname(path) or "."
    for item in items(root.get("include")):
        for name in items(item.get("path")) if isinstance(item, Table) else [item]:
            other = join(folder, text_of(name) or "")
            if other is not None and reading.is_file(other):
                yield other


def listed(node: Node) -> list[str]:
    """Return the names in a list of names, or the keys of a map in its place: `networks`, `depends_on`."""
    if isinstance(node, Items):
        return [text for item in node.items if (text := text_of(item))]
    return [*entries(node)]


def pairs(node: Node) -> list[tuple[str, Text | None, int]]:
    """Return name, value (None when only named) and line of a map or a list of `NAME=value`."""
    if isinstance(node, Items):
        found: list[tuple[str, Text | None, int]] = []
        for item in node.items:
            if isinstance(item, Text):
                name, equals, value = item.text.partition("=")
                written = Text(value, item.line, plain=False) if equals else None
                found.append((name.strip(), written, item.line))
        return found
    return [
        (name, value if isinstance(value, Text) and not value.is_null else None, key.line)
        for name, (key, value) in entries(node).items()
    ]
