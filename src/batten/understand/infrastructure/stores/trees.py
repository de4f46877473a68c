"""Settings of YAML files as dotted names, nested or written in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.yamltree import Items, Table, Text, documents, text_of
from batten.understand.infrastructure.stores.nouns import Setting
from batten.understand.infrastructure.stores.scene import is_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.yamltree import Node
    from batten.understand.infrastructure.stores.scene import Scene

_DEEPEST = 12


def settings(scene: Scene, path: str) -> Iterator[Setting]:
    """Yield the scalars of a YAML file; a list is one value, joined by commas."""
    if path in scene.files:
        return
    scene.files.append(path)
    for document in documents(scene.reading, path)[:1]:
        yield from _walk(document, path, "", 0)


def _walk(node: Node, path: str, name: str, depth: int) -> Iterator[Setting]:
    if isinstance(node, Text):
        value = text_of(node) or ""
        yield Setting(name, value, Location(file=path, line=node.line), not is_hole(value))
    elif isinstance(node, Items):
        value = ",".join(text_of(item) or "" for item in node.items)
        yield Setting(name, value, Location(file=path, line=node.line), not is_hole(value))
    elif isinstance(node, Table) and depth < _DEEPEST:
        for key, below in node.pairs:
            yield from _walk(below, path, f"{name}.{key.text}" if name else key.text, depth + 1)
