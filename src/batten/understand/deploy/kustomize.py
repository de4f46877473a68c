"""Builds what a kustomization applies: its resources and bases, generated maps, patches, images and namespace.

Kustomize 5.6. Names are left as they are written (`namePrefix`, hashes), since what refers to them is renamed alike.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy.manifests import Manifest, objects, walk
from batten.understand.deploy.patches import merged, pointed, put
from batten.understand.deploy.yamltree import Items, Node, Table, Text, documents, entries, items, parsed, text_of
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.deploy.reading import Reading

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
FILE = "!file"
"""The tag of a value that is the whole text of a file."""
_DEEPEST = 10
_MOST_OBJECTS = 10_000
_MOST_BUILT = 500
_NOT_FOLLOWED = ("helmCharts", "helmChartInflationGenerator", "generators", "transformers", "replacements", "vars")


def is_kustomization(reading: Reading, path: str) -> bool:
    """Return whether a file says what to build, and is not an object of Flux that has the same name."""
    if posixpath.basename(path) not in NAMES:
        return False
    first = next(iter(documents(reading, path)), None)
    told = text_of(first.get("apiVersion")) if isinstance(first, Table) else None
    return isinstance(first, Table) and (told is None or told.startswith("kustomize.config.k8s.io"))


@dataclass(slots=True)
class Kustomize:
    """Builds the kustomizations that no other one leads to."""

    reading: Reading
    used: set[str] = field(default_factory=set)
    """Files that some kustomization leads to: they are not applied as they are."""
    _rendering: list[str] = field(default_factory=list)
    _count: int = 0
    _laid: int = 0

    def build(self, paths: list[str]) -> list[Manifest]:
        """Return the objects of all kustomizations that stand for themselves."""
        found = [path for path in paths if is_kustomization(self.reading, path)]
        led = {other for path in found for other in self._leads(path)}
        built: list[Manifest] = []
        for path in found:
            self.used.add(path)
            if path not in led:
                made: list[Manifest] = []
                self._lay(path, made)
                for one in made:
                    one.scope = path
                built += made
        return built

    def _leads(self, path: str) -> Iterator[str]:
        for name in ("resources", "bases", "components"):
            for item in items(self._document(path).get(name)):
                target = self._target(path, item)
                if target is not None and posixpath.basename(target) in NAMES:
                    yield target

    def _document(self, path: str) -> Table:
        first = next(iter(documents(self.reading, path)), None)
        return first if isinstance(first, Table) else Table(1)

    def _target(self, path: str, item: Node) -> str | None:
        """Return the file of the repository that an entry names: a manifest, or a directory's kustomization."""
        named = text_of(item)
        place = join(posixpath.dirname(path) or ".", named) if named and "://" not in named else None
        if place is None or self.reading.is_file(place):
            return place
        inside = [name if place == "." else f"{place}/{name}" for name in NAMES]
        return next((one for one in inside if self.reading.is_file(one)), None)

    # What one kustomization does

    def _lay(self, path: str, made: list[Manifest]) -> None:
        """Add what a kustomization brings to `made`, and do to all of it what it says."""
        self._laid += 1
        if path in self._rendering or len(self._rendering) >= _DEEPEST or self._laid > _MOST_BUILT:
            self.reading.unsure(path, "kustomizations lead too far, or to themselves", Location(file=path, line=1))
            return
        self._rendering.append(path)
        document = self._document(path)
        for name in ("resources", "bases"):
            for item in items(document.get(name)):
                made += self._resource(path, item)
        for item in items(document.get("components")):
            target = self._target(path, item)
            if target is None:
                self._missing(path, item)
            else:
                self.used.add(target)
                self._lay(target, made)
        for name in ("configMapGenerator", "secretGenerator"):
            for item in items(document.get(name)):
                if isinstance(item, Table):
                    self._generate(path, item, name, made)
        self._patch(path, document, made)
        for image in items(document.get("images")):
            if isinstance(image, Table):
                _set_image(path, image, made)
        space = text_of(document.get("namespace"))
        for one in made:
            one.space = space or one.space
        for name in _NOT_FOLLOWED:
            node = document.get(name)
            if node is not None and not (isinstance(node, Items) and not node.items):
                self.reading.unsure(path, f"its {name} are not followed", Location(file=path, line=node.line))
        self._rendering.pop()

    def _resource(self, path: str, item: Node) -> list[Manifest]:
        target = self._target(path, item)
        if target is None:
            self._missing(path, item)
            return []
        self.used.add(target)
        found: list[Manifest] = []
        if is_kustomization(self.reading, target):
            self._lay(target, found)
        else:
            found = objects(self.reading, target, sure=True)
            self._count += len(found)
        if self._count > _MOST_OBJECTS:
            self.reading.unsure("further kustomizations", "they build too many objects", Location(file=path, line=1))
            return []
        origin = Evidence(Location(file=path, line=item.line), f"{target} is built by {path}")
        return [replace(one, evidence=(*one.evidence, origin)) if len(self._rendering) == 1 else one for one in found]

    def _missing(self, path: str, item: Node) -> None:
        named = text_of(item) or "an entry"
        self.reading.unsure(named, "it is not in the repository", Location(file=path, line=item.line))

    # Generators

    def _generate(self, path: str, item: Table, generator: str, made: list[Manifest]) -> None:
        name, kind = text_of(item.get("name")), "Secret" if generator == "secretGenerator" else "ConfigMap"
        rows = self._rows(path, item)
        if name is None or rows is None:
            return
        if text_of(item.get("behavior")) in ("merge", "replace"):
            for one in made:
                if one.kind == kind and one.name == name:
                    patch = Table(item.line, [(Text("stringData", item.line), Table(item.line, rows, file=path))])
                    one.table = _over(one.table, patch, kind)
            return
        part = "stringData" if kind == "Secret" else "data"
        metadata = Table(item.line, [(Text("name", item.line), Text(name, item.line))])
        table = Table(
            item.line,
            [
                (Text("kind", item.line), Text(kind, item.line)),
                (Text("metadata", item.line), metadata),
                (Text(part, item.line), Table(item.line, rows)),
            ],
        )
        made.append(Manifest(path, table))

    def _rows(self, path: str, item: Table) -> list[tuple[Text, Node]] | None:
        """Return the keys and values of a generated map; None where a file of it is not in the repository."""
        rows: list[tuple[Text, Node]] = []
        for literal in items(item.get("literals")):
            name, equals, value = (text_of(literal) or "").partition("=")
            if equals:
                rows.append(
                    (Text(name, literal.line, file=path), Text(_bare(value), literal.line, plain=False, file=path))
                )
        folder = posixpath.dirname(path) or "."
        for entry in (*items(item.get("envs")), *items(item.get("env"))):
            told = text_of(entry) or ""
            place = join(folder, told)
            text = self.reading.text(place) if place and self.reading.is_file(place) else None
            if text is None or place is None:
                self.reading.unsure(told, "it is not in the repository", Location(file=path, line=entry.line))
                return None
            for line, row in enumerate(text.splitlines(), 1):
                name, equals, value = row.strip().partition("=")
                if equals and not name.startswith("#"):
                    rows.append((Text(name, line, file=place), Text(value, line, plain=False, file=place)))
        for entry in items(item.get("files")):
            name, equals, told = (text_of(entry) or "").partition("=")
            place = join(folder, told if equals else name)
            text = self.reading.text(place) if place and self.reading.is_file(place) else None
            if text is None or place is None:
                return None
            key = name if equals else posixpath.basename(name)
            rows.append((Text(key, entry.line, file=path), Text(text, 1, plain=False, tag=FILE, file=place)))
        return rows

    # Patches

    def _patch(self, path: str, document: Table, made: list[Manifest]) -> None:
        for name in ("patchesStrategicMerge", "patches", "patchesJson6902"):
            for item in items(document.get(name)):
                target = item.get("target") if isinstance(item, Table) else None
                for patch in self._patches(path, item):
                    if isinstance(patch, Items):
                        self._json_patch(path, patch, [one for one in made if _is_meant(one, target)])
                    elif isinstance(patch, Table):
                        _merge(patch, target, made)

    def _patches(self, path: str, item: Node) -> list[Node]:
        """Return the documents of a patch: of a file that it names, or written into the kustomization."""
        inline = item.get("patch") if isinstance(item, Table) else item
        named = item.get("path") if isinstance(item, Table) else None
        if isinstance(inline, Table | Items):
            return stamped([inline], path)
        if isinstance(inline, Text) and ("\n" in inline.text or "{" in inline.text):
            above = inline.line if "\n" in inline.text else inline.line - 1
            return stamped(parsed(self.reading, path, inline.text, above), path)
        target = self._target(path, named or item)
        if target is None:
            self._missing(path, named or item)
            return []
        self.used.add(target)
        text = self.reading.text(target) or ""
        if "{{" in text:
            self.reading.unsure(target, "a template, which is not rendered", Location(file=target, line=1))
            return []
        return stamped(documents(self.reading, target), target)

    def _json_patch(self, path: str, patch: Items, meant: list[Manifest]) -> None:
        for operation in patch.items:
            if not isinstance(operation, Table):
                continue
            kind, where = text_of(operation.get("op")), pointed(text_of(operation.get("path")) or "")
            value = operation.get("value")
            if kind == "test" or not where:
                continue
            if kind not in {"add", "replace", "remove"} or (kind != "remove" and value is None):
                at = Location(file=operation.file or path, line=operation.line)
                self.reading.unsure(path, f"its patch {kind or 'without op'} is not followed", at)
                continue
            for one in meant:
                held = put(one.table, where, None if kind == "remove" else value, insert=kind == "add")
                if isinstance(held, Table):
                    one.table = held


def _over(table: Table, patch: Table, kind: str) -> Table:
    """Return a map with generated keys over its own; in a ConfigMap they are `data`."""
    if kind == "ConfigMap":
        patch = Table(patch.line, [(Text("data", key.line), value) for key, value in patch.pairs])
    held = merged(table, patch)
    return held if isinstance(held, Table) else table


def _merge(patch: Table, target: Node | None, made: list[Manifest]) -> None:
    kind, name = text_of(patch.get("kind")), text_of(patch.get("metadata", "name"))
    for place in range(len(made) - 1, -1, -1):
        one = made[place]
        if _is_meant(one, target) if isinstance(target, Table) else (one.kind, one.name) == (kind, name):
            if text_of(patch.get("$patch")) == "delete":
                del made[place]
                continue
            pairs = [pair for pair in patch.pairs if pair[0].text not in ("apiVersion", "kind")]
            held = merged(one.table, Table(patch.line, pairs, file=patch.file))
            if isinstance(held, Table):
                one.table = _named(held, one)


def _named(table: Table, one: Manifest) -> Table:
    """Return the table under the name that the object has: a patch with a target may name any."""
    name = one.get("metadata", "name")
    held = put(table, ("metadata", "name"), name) if name is not None else table
    return held if isinstance(held, Table) else table


def _is_meant(one: Manifest, target: Node | None) -> bool:
    """Return whether an object is the target of a patch: kind and name are anchored patterns, labels are equal."""
    if not isinstance(target, Table) or text_of(target.get("annotationSelector")):
        return False
    wanted = text_of(target.get("labelSelector"))
    if wanted:
        labels = one.get("metadata", "labels")
        for pair in wanted.split(","):
            key, _, value = pair.replace("==", "=").partition("=")
            held = entries(labels).get(key.strip())
            if held is None or text_of(held[1]) != value.strip():
                return False
    kind, name, space = (text_of(target.get(word)) for word in ("kind", "name", "namespace"))
    return (
        (kind is None or _fits(kind, one.kind))
        and (name is None or _fits(name, one.name))
        and (space is None or not one.namespace or _fits(space, one.namespace))
    )


def _fits(pattern: str, text: str) -> bool:
    """Return whether a pattern of a target is the text; only `.*` of all that a pattern may be is followed."""
    return re.fullmatch(".*?".join(re.escape(part) for part in pattern.strip("^$").split(".*", 3)), text) is not None


def stamped(patches: list[Node], path: str) -> list[Node]:
    """Return patches with the file that they stand in written onto every node."""
    for patch in patches:
        for node in walk(patch):
            node.file = path
            if isinstance(node, Table):
                for key, _ in node.pairs:
                    key.file = path
    return patches


def _set_image(path: str, entry: Table, made: list[Manifest]) -> None:
    """Set name, tag and digest of an image, in every container that names it."""
    name = text_of(entry.get("name"))
    told = {word: entry.get(word) for word in ("newName", "newTag", "digest")}
    line = next((node.line for word in ("digest", "newTag", "newName") if (node := told[word]) is not None), entry.line)

    def renamed(image: str) -> str | None:
        base, tag, digest = split_image(image)
        if base != name:
            return None
        base = text_of(told["newName"]) or base
        if text_of(told["digest"]):
            tag, digest = "", text_of(told["digest"]) or ""
        elif text_of(told["newTag"]):
            tag, digest = text_of(told["newTag"]) or "", ""
        return base + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")

    for one in made:
        held = _with_images(one.table, lambda image: (whole := renamed(image)) and Text(whole, line, file=path), {})
        if isinstance(held, Table):
            one.table = held


def _with_images(node: Node, renamed: Callable[[str], Text | str | None], done: dict[int, Node]) -> Node:
    """Return a node with the images below it renamed: the node itself where none is."""
    if isinstance(node, Text):
        return node
    if id(node) in done:
        return done[id(node)]
    done[id(node)] = made = node
    if isinstance(node, Items):
        kept = [_with_images(item, renamed, done) for item in node.items]
        if any(new is not old for new, old in zip(kept, node.items, strict=True)):
            made = Items(node.line, kept, node.tag, node.file)
    else:
        pairs: list[tuple[Text, Node]] = []
        for key, value in node.pairs:
            image = renamed(value.text) if key.text == "image" and isinstance(value, Text) else None
            pairs.append((key, image if isinstance(image, Text) else _with_images(value, renamed, done)))
        if any(new[1] is not old[1] for new, old in zip(pairs, node.pairs, strict=True)):
            made = Table(node.line, pairs, node.tag, node.file)
    done[id(node)] = made
    return made


def split_image(image: str) -> tuple[str, str, str]:
    """Return name, tag and digest of an image; empty where it has none."""
    rest, _, digest = image.partition("@")
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        return rest, "", digest
    return name, tag, digest


def _bare(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
