"""What a value of a CloudFormation template comes to, its functions followed where the template decides them.

AWS CloudFormation user guide, Intrinsic function reference.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy.yamltree import Items, Table, Text, entries, text_of
from batten.understand.infrastructure.cloud.cells import Cell, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batten.understand.deploy.yamltree import Node
    from batten.understand.infrastructure.cloud.cells import Held

_MOST_CELLS = 60_000
_HOLE = re.compile(r"\$\{(!?)([^}]*)\}")
_NUMBER = re.compile(r"-?\d{1,9}")
_FUNCTIONS = frozenset(
    "Ref Fn::Sub Fn::GetAtt Fn::Join Fn::Select Fn::Split Fn::FindInMap Fn::If Fn::ImportValue Fn::Base64 Fn::Cidr "
    "Fn::GetAZs Fn::Transform Fn::ForEach Fn::Length Fn::ToJsonString Condition".split()
)


class Template:
    """One template: its parameters, mappings and the names of its resources."""

    def __init__(self, path: str, parameters: Mapping[str, tuple[Text, Node]], mappings: Node | None) -> None:
        """Take what its functions refer to."""
        self.path = path
        self.parameters = parameters
        self.mappings = mappings
        self._cells = 0

    @property
    def is_spent(self) -> bool:
        """Whether it holds more than is followed."""
        return self._cells > _MOST_CELLS

    def at(self, line: int) -> Location:
        """Return a line of the file."""
        return Location(file=self.path, line=line)

    def value(self, node: Node, line: int | None = None) -> Cell:
        """Return what a node comes to, as the line says it that names it."""
        self._cells += 1
        at = self.at(line or node.line)
        if self.is_spent:
            return Cell(Unknown(), at)
        called = _called(node)
        if called is not None:
            return self._function(*called, at)
        if isinstance(node, Text):
            return Cell(_scalar(node), at)
        if isinstance(node, Items):
            return Cell(tuple(self.value(item) for item in node.items), at)
        return Cell({name: self.value(held, key.line) for name, (key, held) in entries(node).items()}, at)

    def _function(self, name: str, argument: Node, at: Location) -> Cell:
        function = _TABLE.get(name)
        if function is None:
            return Cell(Unknown(), at)
        return replace(function(self, argument, at), at=at)

    # The functions

    def reference(self, argument: Node, at: Location) -> Cell:
        """Return a parameter's default, or that a resource is meant."""
        name = text_of(argument) or ""
        held = self.parameters.get(name)
        if held is None:
            return Cell(None if name == "AWS::NoValue" else Unknown((name,), f"${{{name}}}"), at)
        default = entries(held[1]).get("Default")
        if default is None:
            return Cell(Unknown((), f"${{{name}}}"), at)
        cell = self.value(default[1], default[0].line)
        if entries(held[1]).get("Type", (None, None))[1] is not None and cell.text is not None:
            kind = text_of(entries(held[1])["Type"][1]) or ""
            if kind == "CommaDelimitedList" or kind.startswith("List<"):
                cell = replace(cell, value=tuple(replace(cell, value=part.strip()) for part in cell.text.split(",")))
        came = Evidence(self.at(default[0].line), f"the default of the parameter {name}")
        return replace(cell, default=True, came=(came,))

    def substituted(self, argument: Node, at: Location) -> Cell:
        """Return a text with its `${names}` filled in."""
        rows = argument.items if isinstance(argument, Items) else [argument]
        text = (text_of(rows[0]) or "") if rows else ""
        own = entries(rows[1]) if len(rows) > 1 else {}
        mentions: list[str] = []
        state = {"known": True, "default": False}

        def filled(match: re.Match[str]) -> str:
            if match[1]:
                return f"${{{match[2]}}}"
            name = match[2].strip()
            cell = self.value(own[name][1]) if name in own else self.reference(Text(name.split(".")[0], 1), at)
            mentions.extend(cell.mentions)
            state["default"] |= cell.default
            if cell.text is None or "." in name:
                state["known"] = False
                return match[0]
            return cell.text

        whole = _HOLE.sub(filled, text[:100_000])
        return Cell(whole if state["known"] else Unknown(tuple(mentions), whole), at, default=state["default"])

    def attribute(self, argument: Node, at: Location) -> Cell:
        """Return that an attribute of a resource is meant."""
        name = text_of(argument) or ""
        if isinstance(argument, Items) and argument.items:
            name = text_of(argument.items[0]) or ""
        return Cell(Unknown((name.partition(".")[0],), f"${{{name}}}"), at)

    def joined(self, argument: Node, at: Location) -> Cell:
        """Return texts put together."""
        cells = self._arguments(argument, 2)
        if cells is None:
            return Cell(Unknown(), at)
        parts = cells[1].each()
        texts = [part.text if part.text is not None else part.written or "${…}" for part in parts]
        whole = (cells[0].text or "").join(texts)[:100_000]
        if all(part.text is not None for part in parts):
            return Cell(whole, at, default=any(part.default for part in parts))
        return Cell(Unknown(tuple(name for part in parts for name in part.mentions), whole), at)

    def selected(self, argument: Node, at: Location) -> Cell:
        """Return one item of a list."""
        cells = self._arguments(argument, 2)
        index = cells[0].number if cells is not None else None
        if cells is None or index is None or not isinstance(cells[1].value, tuple):
            return Cell(Unknown(), at)
        return cells[1].value[index] if 0 <= index < len(cells[1].value) else Cell(Unknown(), at)

    def parted(self, argument: Node, at: Location) -> Cell:
        """Return a text in pieces."""
        cells = self._arguments(argument, 2)
        if cells is None or not cells[0].text or cells[1].text is None:
            return Cell(Unknown(), at)
        return Cell(tuple(replace(cells[1], value=part) for part in cells[1].text.split(cells[0].text)[:100]), at)

    def mapped(self, argument: Node, at: Location) -> Cell:
        """Return a value of the template's mappings."""
        cells = self._arguments(argument, 3)
        node = self.mappings
        for cell in cells or ():
            node = entries(node).get(cell.text or "", (None, None))[1]
        return Cell(Unknown(), at) if cells is None or node is None else self.value(node)

    def chosen(self, argument: Node, at: Location) -> Cell:
        """Return what both branches of a condition have in common; which one is taken is not told."""
        rows = argument.items if isinstance(argument, Items) else []
        branches = [self.value(row) for row in rows[1:3]]
        if len(branches) == 2 and branches[0].text is not None and branches[0].text == branches[1].text:  # noqa: PLR2004 - then and else
            return branches[0]
        return Cell(Unknown(tuple(name for branch in branches for name in branch.mentions)), at)

    def itself(self, argument: Node, _at: Location) -> Cell:
        """Return the argument: what encodes does not hide."""
        return self.value(argument)

    def _arguments(self, argument: Node, count: int) -> Sequence[Cell] | None:
        if not isinstance(argument, Items) or len(argument.items) < count:
            return None
        return [self.value(item) for item in argument.items]


def _called(node: Node) -> tuple[str, Node] | None:
    """Return the function that a node calls, in its short or its long form, and its argument."""
    tag = node.tag
    if tag.startswith("!") and len(tag) > 1 and tag != "!!":
        name = tag[1:]
        bare: Node
        if isinstance(node, Text):
            bare = Text(node.text, node.line, node.plain)
        elif isinstance(node, Items):
            bare = Items(node.line, node.items)
        else:
            bare = Table(node.line, node.pairs)
        return (name if name in ("Ref", "Condition") else f"Fn::{name}"), bare
    if isinstance(node, Table) and len(node.pairs) == 1 and node.pairs[0][0].text in _FUNCTIONS:
        if node.pairs[0][0].text == "Condition" and not isinstance(node.pairs[0][1], Text):
            return None  # the condition of a policy, not that of a template
        return node.pairs[0][0].text, node.pairs[0][1]
    return None


def _scalar(node: Text) -> Held:
    """Return a scalar as YAML 1.1 reads it; CloudFormation takes texts for both."""
    text = node.text
    if not node.plain:
        return Unknown((), text) if "{{resolve:" in text else text
    if node.is_null:
        return None
    if text.lower() in ("true", "false", "yes", "no", "on", "off"):
        return text.lower() in ("true", "yes", "on")
    if _NUMBER.fullmatch(text):
        return int(text)
    return Unknown((), text) if "{{resolve:" in text else text


_TABLE: Mapping[str, Callable[[Template, Node, Location], Cell]] = {
    "Ref": Template.reference,
    "Fn::Sub": Template.substituted,
    "Fn::GetAtt": Template.attribute,
    "Fn::Join": Template.joined,
    "Fn::Select": Template.selected,
    "Fn::Split": Template.parted,
    "Fn::FindInMap": Template.mapped,
    "Fn::If": Template.chosen,
    "Fn::Base64": Template.itself,
    "Fn::ToJsonString": Template.itself,
}
