"""The parts of a Terraform file: blocks, attributes and expressions, each with its line.

HCL native syntax specification, hashicorp/hcl 2.
"""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from batten.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a truth value, null, or a text without holes."""

    value: str | int | float | bool | None
    line: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes."""

    parts: tuple[str | Expression, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Hole:
    """What this reader does not follow: a directive of a template, a function's closure."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Path:
    """A name or an expression, and the steps into it: `var.a.b[0]`; a step of None is a splat."""

    root: str | Expression
    steps: tuple[str | Expression | None, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function's call."""

    name: str
    arguments: tuple[Expression, ...]
    line: int
    spread: bool = False
    """The last argument is a list of arguments."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list as written."""

    items: tuple[Expression, ...]
    line: int


@dataclass(frozen=True, slots=True)
class TableOf:
    """An object as written; a bare name as a key is a text."""

    pairs: tuple[tuple[Expression, Expression], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? this : other`."""

    condition: Expression
    this: Expression
    other: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands, or one (`left` is None)."""

    sign: str
    left: Expression | None
    right: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Loop:
    """`[for key, value in source : result if condition]`, or with braces and `mark => result`."""

    names: tuple[str, ...]
    source: Expression
    mark: Expression | None
    result: Expression
    condition: Expression | None
    line: int
    grouped: bool = False


Expression: TypeAlias = Literal | Template | Hole | Path | Call | ListOf | TableOf | Choice | Operation | Loop


@dataclass(slots=True)
class Body:
    """Attributes and blocks, in order."""

    attributes: dict[str, Expression] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """Where each attribute begins."""
    blocks: list[Block] = field(default_factory=list)

    def of(self, kind: str) -> list[Block]:
        """Return the blocks of a kind."""
        return [block for block in self.blocks if block.kind == kind]


@dataclass(frozen=True, slots=True)
class Block:
    """`kind "label" "label" { … }`."""

    kind: str
    labels: tuple[str, ...]
    body: Body
    line: int


class Broken(Exception):  # noqa: N818 - a broken file is no error of ours
    """The text is no HCL from here on."""

    def __init__(self, why: str, line: int) -> None:
        """Hold why, and the line."""
        super().__init__(why)
        self.why = why
        self.line = line
