"""Lays patches over Kubernetes objects: strategic merge patches and JSON patches (RFC 6902); no tree is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.deploy.yamltree import Items, Node, Table, Text, entries, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "ports": ("containerPort", "port"),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "secrets": ("name",),
}
"""Lists whose items are merged by a key (Kubernetes 1.33 API, `x-kubernetes-patch-merge-key`); others are replaced."""


def merged(base: Node, patch: Node) -> Node:
    """Return a node with a strategic merge patch laid over it (Kubernetes 1.33, `$patch` directives among them)."""
    return _Merge({}).nodes(base, patch, "")


class _Merge:
    """One merge: what aliases share is merged once, or a small file could ask for endless work."""

    def __init__(self, done: dict[tuple[int, int, str], Node]) -> None:
        self.done = done

    def nodes(self, base: Node, patch: Node, name: str) -> Node:
        key = (id(base), id(patch), name)
        if key not in self.done:
            self.done[key] = patch
            self.done[key] = self._merged(base, patch, name)
        return self.done[key]

    def _merged(self, base: Node, patch: Node, name: str) -> Node:
        if isinstance(base, Table) and isinstance(patch, Table):
            if text_of(patch.get("$patch")) == "replace":
                return Table(patch.line, [pair for pair in patch.pairs if pair[0].text != "$patch"], file=patch.file)
            return self._tables(base, patch)
        if isinstance(base, Items) and isinstance(patch, Items) and name in _KEYS:
            return self._items(base, patch, name)
        return patch

    def _tables(self, base: Table, patch: Table) -> Table:
        held = dict(entries(base))
        for key, (written, value) in entries(patch).items():
            if key.startswith("$"):
                continue
            if isinstance(value, Text) and value.is_null:
                held.pop(key, None)
            elif key in held:
                held[key] = (held[key][0], self.nodes(held[key][1], value, key))
            else:
                held[key] = (written, value)
        return Table(base.line, list(held.values()), file=base.file)

    def _items(self, base: Items, patch: Items, name: str) -> Items:
        found = list(base.items)
        added: list[Node] = []
        for item in patch.items:
            place = next((at for at, one in enumerate(found) if _is_same(one, item, _KEYS[name])), None)
            directive = text_of(item.get("$patch")) if isinstance(item, Table) else None
            if directive == "replace":
                found = []
            elif directive == "delete":
                found = found if place is None else [*found[:place], *found[place + 1 :]]
            elif place is None:
                added.append(item)
            else:
                found[place] = self.nodes(found[place], item, "")
        return Items(base.line, [*added, *found], file=base.file)


def _is_same(one: Node, other: Node, keys: tuple[str, ...]) -> bool:
    if not isinstance(one, Table) or not isinstance(other, Table):
        return False
    key = next((key for key in keys if key in entries(other)), None)
    return key is not None and text_of(one.get(key)) == text_of(other.get(key))


def pointed(pointer: str) -> list[str]:
    """Return the parts of a JSON pointer (RFC 6901)."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def put(node: Node, where: Sequence[str], value: Node | None, *, insert: bool = False) -> Node | None:
    """Return a node with `value` at a place, None: taken away; None where the place is not there.

    `insert` puts it before the item of a list instead of in its place (RFC 6902 section 4.1).
    """
    if not where:
        return value
    name, *rest = where
    if isinstance(node, Table):
        held = entries(node)
        if name in held:
            below = put(held[name][1], rest, value, insert=insert) if rest else value
            if below is None and (rest or value is not None):
                return None
            pairs = [
                (key, below if text == name and below is not None else old)
                for text, (key, old) in held.items()
                if text != name or below is not None
            ]
            return Table(node.line, pairs, file=node.file)
        if rest or value is None:
            return None
        key = Text(name, value.line, file=value.file)
        return Table(node.line, [*held.values(), (key, value)], file=node.file)
    return _put_item(node, name, rest, value, insert=insert) if isinstance(node, Items) else None


def _put_item(node: Items, name: str, rest: Sequence[str], value: Node | None, *, insert: bool) -> Node | None:
    found = list(node.items)
    if name == "-" and not rest and value is not None:
        return Items(node.line, [*found, value], file=node.file)
    if not (name.isascii() and name.isdigit()) or int(name[:9]) >= len(found) + (insert and not rest):
        return None
    place = int(name[:9])
    if rest:
        below = put(found[place], rest, value, insert=insert)
        if below is None:
            return None
        found[place] = below
    elif value is None:
        del found[place]
    elif insert:
        found.insert(place, value)
    else:
        found[place] = value
    return Items(node.line, found, file=node.file)
