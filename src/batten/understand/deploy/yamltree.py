"""Reads YAML into a tree of texts with lines; nothing is constructed, aliases are shared.

The tree is built from parser events and not by PyYAML's composer: that one is
recursive C, and a file of brackets would end the process.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.reading import Reading

_DEEPEST = 80
_MOST_NODES = 50_000
_MOST_MERGES = 20


@dataclass(slots=True)
class Text:
    """A scalar, as written."""

    text: str
    line: int
    plain: bool = True
    """Not in quotes."""
    tag: str = ""
    file: str = ""
    """Where it was written, if not in the file of the document that it stands in: a patch laid over it."""

    @property
    def is_null(self) -> bool:
        """Whether YAML reads it as nothing."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Items:
    """A sequence."""

    line: int
    items: list[Node] = field(default_factory=list)
    tag: str = ""
    file: str = ""


@dataclass(slots=True)
class Table:
    """A mapping, its pairs in order."""

    line: int
    pairs: list[tuple[Text, Node]] = field(default_factory=list)
    tag: str = ""
    file: str = ""

    def get(self, *names: str) -> Node | None:
        """Return what stands under a chain of keys, merge keys followed; the last one wins."""
        node: Node | None = self
        for name in names:
            node = entries(node).get(name, (None, None))[1]
        return node


Node = Text | Items | Table


def documents(reading: Reading, path: str) -> list[Node]:
    """Return the documents of a YAML file; as far as it could be read."""
    if path not in reading.trees:
        reading.trees[path] = _read(reading, path)
    return reading.trees[path]


def _read(reading: Reading, path: str) -> list[Node]:
    text = reading.text(path)
    return [] if text is None else parsed(reading, path, text)


def parsed(reading: Reading, path: str, text: str, above: int = 0) -> list[Node]:
    """Return the documents of a text that begins after `above` lines of a file."""
    import yaml  # noqa: PLC0415 - most repositories have no file that needs it

    tree = _Tree(above)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            problem = tree.take(event)
            if problem:
                reading.unsure(path, problem, Location(file=path, line=tree.line))
                break
    except yaml.YAMLError as error:
        reading.broken.add(path)
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        is_template = "{{" in text.replace("${{", "")  # `${{ … }}` is an expression of GitHub's
        why = "a Helm template, which is not rendered" if is_template else "it is not valid YAML"
        detail = getattr(error, "problem", None)
        said = why if is_template or not detail else f"{why}: {detail}"
        reading.unsure(path, said, Location(file=path, line=above + (mark.line + 1 if mark else 1)))
    return tree.documents


class _Tree:
    """Builds documents from parser events."""

    def __init__(self, above: int) -> None:
        self.above = above
        self.documents: list[Node] = []
        self.stack: list[Items | Table] = []
        self.keys: list[Text | None] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0
        self.line = above + 1

    def take(self, event: object) -> str:
        """Take one event; return what is wrong, or nothing."""
        kind = type(event).__name__
        line = self.line = event.start_mark.line + 1 + self.above  # type: ignore[attr-defined]
        node: Node
        if kind == "ScalarEvent":
            node = Text(event.value, line, not event.style, event.tag or "")  # type: ignore[attr-defined]
        elif kind == "SequenceStartEvent":
            node = Items(line, tag=event.tag or "")  # type: ignore[attr-defined]
        elif kind == "MappingStartEvent":
            node = Table(line, tag=event.tag or "")  # type: ignore[attr-defined]
        elif kind == "AliasEvent":
            node = self.anchors.get(event.anchor) or Text("", line)  # type: ignore[attr-defined]
        else:
            if kind in ("SequenceEndEvent", "MappingEndEvent"):
                self.stack.pop()
                self.keys.pop()
            elif kind == "DocumentStartEvent":
                self.anchors = {}
            return ""
        if kind != "AliasEvent" and getattr(event, "anchor", None):
            self.anchors[event.anchor] = node  # type: ignore[attr-defined]
        self._add(node)
        if isinstance(node, (Items, Table)) and kind != "AliasEvent":
            self.stack.append(node)
            self.keys.append(None)
        self.nodes += 1
        if len(self.stack) > _DEEPEST:
            return "it nests too deep"
        return "it has too many parts" if self.nodes > _MOST_NODES else ""

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.documents.append(node)
            return
        parent = self.stack[-1]
        if isinstance(parent, Items):
            parent.items.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = node if isinstance(node, Text) else Text("", node.line, tag="?")
        else:
            parent.pairs.append((self.keys[-1], node))
            self.keys[-1] = None


def entries(node: Node | None) -> dict[str, tuple[Text, Node]]:
    """Return key text to key and value of a mapping, with what `<<` merges in below its own."""
    found: dict[str, tuple[Text, Node]] = {}
    waiting: list[Node | None] = [node]
    for _ in range(_MOST_MERGES):
        if not waiting:
            break
        table = waiting.pop(0)
        if isinstance(table, Items):
            waiting[:0] = table.items[:_MOST_MERGES]
        if not isinstance(table, Table):
            continue
        own: dict[str, tuple[Text, Node]] = {}
        merged: list[Node | None] = []
        for key, value in table.pairs:
            if key.text == "<<" and key.plain:
                merged.append(value)
            else:
                own[key.text] = (key, value)
        for name, pair in own.items():
            found.setdefault(name, pair)
        waiting[:0] = merged
    return found


def items(node: Node | None) -> Iterator[Node]:
    """Yield the items of a sequence; a lone scalar counts as one."""
    if isinstance(node, Items):
        yield from node.items
    elif isinstance(node, Text) and not node.is_null:
        yield node


def text_of(node: Node | None) -> str | None:
    """Return a scalar's text, None for anything else and for null."""
    return node.text if isinstance(node, Text) and not node.is_null else None
