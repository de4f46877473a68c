"""What an expression of Terraform comes to; what the repository does not decide is unknown, with what it mentions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.infrastructure.cloud.cells import Cell, Unknown
from batten.understand.infrastructure.terraform.functions import FUNCTIONS, calculated
from batten.understand.infrastructure.terraform.grammar import (
    Call,
    Choice,
    Hole,
    ListOf,
    Literal,
    Loop,
    Operation,
    Path,
    TableOf,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from batten.understand.infrastructure.terraform.grammar import Expression

_MOST_STEPS = 400_000
_DEEPEST = 60
_LONGEST_TEXT = 200_000
MOST_TURNS = 100
"""Turns of a loop, and things made by one `for_each`, that are followed."""


class Budget:
    """How much work one repository may ask for."""

    def __init__(self) -> None:
        """Begin with nothing spent."""
        self.steps = 0
        self.depth = 0

    @property
    def is_spent(self) -> bool:
        """Whether no more is followed."""
        return self.steps > _MOST_STEPS


class Evaluator:
    """Evaluates expressions of one file; names are looked up by whoever owns the module."""

    def __init__(
        self,
        file: str,
        look: Callable[[str, Path, Location], tuple[Cell, int]],
        read: Callable[[str], str | None],
        budget: Budget,
        bound: Mapping[str, Cell] | None = None,
    ) -> None:
        """Take how a name of the module is looked up, how a file of it is read, and the names bound besides."""
        self.file = file
        self.look = look
        self.read = read
        self.budget = budget
        self.bound = bound or {}

    def with_names(self, names: Mapping[str, Cell]) -> Evaluator:
        """Return one that knows further names."""
        return Evaluator(self.file, self.look, self.read, self.budget, {**self.bound, **names})

    def at(self, line: int) -> Location:
        """Return a line of the file."""
        return Location(file=self.file, line=line)

    def value(self, expression: Expression) -> Cell:
        """Return what an expression comes to."""
        self.budget.steps += 1
        if self.budget.is_spent or self.budget.depth > _DEEPEST:
            return Cell(Unknown(), self.at(expression.line))
        self.budget.depth += 1
        try:
            return _KINDS[type(expression)](self, expression)
        finally:
            self.budget.depth -= 1

    def literal(self, expression: Literal) -> Cell:
        """Return a literal."""
        return Cell(expression.value, self.at(expression.line))

    def hole(self, expression: Hole) -> Cell:
        """Return what is not followed."""
        return Cell(Unknown(text=expression.text), self.at(expression.line))

    def template(self, expression: Template) -> Cell:
        """Return a text with its holes filled; a lone hole gives its value."""
        at = self.at(expression.line)
        if len(expression.parts) == 1 and not isinstance(expression.parts[0], str):
            return replace(self.value(expression.parts[0]), at=at)
        shown: list[str] = []
        mentions: list[str] = []
        came: tuple[Any, ...] = ()
        is_known, is_default = True, False
        for part in expression.parts:
            if isinstance(part, str):
                shown.append(part)
                continue
            cell = self.value(part)
            text = cell.text
            is_default |= cell.default
            came = came or cell.came
            if text is None:
                is_known = False
                mentions += _mentions(cell)
                text = cell.written or "${…}"
            shown.append(text)
        whole = "".join(shown)[:_LONGEST_TEXT]
        return Cell(whole if is_known else Unknown(tuple(mentions), whole), at, came, is_default)

    def listed(self, expression: ListOf) -> Cell:
        """Return a list."""
        return Cell(tuple(self.value(item) for item in expression.items), self.at(expression.line))

    def table(self, expression: TableOf) -> Cell:
        """Return an object; a pair whose key is not known is left out."""
        found: dict[str, Cell] = {}
        for key, held in expression.pairs:
            name = self.value(key).text
            if name is not None:
                cell = self.value(held)
                found[name] = _placed(cell, self.at(key.line))
        return Cell(found, self.at(expression.line))

    def choice(self, expression: Choice) -> Cell:
        """Return the branch that is taken, or what both come to."""
        condition = self.value(expression.condition)
        if condition.flag is not None:
            taken = self.value(expression.this if condition.flag else expression.other)
            return replace(taken, at=self.at(expression.line), default=taken.default or condition.default)
        both = (self.value(expression.this), self.value(expression.other))
        if both[0].text is not None and both[0].text == both[1].text:
            return both[0]
        mentions = (*_mentions(both[0]), *_mentions(both[1]))
        return Cell(Unknown(mentions), self.at(expression.line))

    def operation(self, expression: Operation) -> Cell:
        """Return what an operator gives."""
        at = self.at(expression.line)
        left = self.value(expression.left) if expression.left is not None else None
        right = self.value(expression.right)
        held = calculated(expression.sign, left, right)
        default = right.default or (left is not None and left.default)
        return Cell(held, at, default=default)

    def call(self, expression: Call) -> Cell:
        """Return what a function gives, of those whose result only depends on known arguments."""
        at = self.at(expression.line)
        found = [self.value(argument) for argument in expression.arguments]
        if expression.spread and found:
            last = found.pop()
            if not isinstance(last.value, tuple):
                return Cell(Unknown(_mentions(last)), at)
            found += last.value
        if expression.name in _FILES and found:
            return self._file(found[0], at)
        function = FUNCTIONS.get(expression.name)
        cell = function(found, at) if function is not None else None
        if cell is None:
            return Cell(Unknown(tuple(name for one in found for name in _mentions(one))), at)
        return replace(cell, default=cell.default or any(one.default for one in found))

    def _file(self, name: Cell, at: Location) -> Cell:
        path = name.written.removeprefix("${path.module}").lstrip("/")
        text = self.read(path) if path and "${" not in path else None
        return Cell(Unknown() if text is None else text if "${" not in text else Unknown((), text), at)

    def loop(self, expression: Loop) -> Cell:
        """Return the list or object that a loop makes."""
        at = self.at(expression.line)
        source = self.value(expression.source)
        made: list[tuple[str, Cell]] = []
        for key, held in turns(source, at):
            names = expression.names
            bound = {names[0]: held} if len(names) == 1 else {names[0]: key, names[1]: held}
            inner = self.with_names(bound)
            keep = inner.value(expression.condition).flag if expression.condition is not None else True
            if keep is None:
                return Cell(Unknown(_mentions(source)), at)
            if keep:
                mark = inner.value(expression.mark).text if expression.mark is not None else ""
                made.append((mark or "", inner.value(expression.result)))
        if source.is_unknown or expression.grouped:
            return Cell(Unknown(_mentions(source)), at)
        if expression.mark is not None:
            return Cell(dict(made), at, default=source.default)
        return Cell(tuple(held for _, held in made), at, default=source.default)

    def path(self, expression: Path) -> Cell:
        """Return what a name leads to."""
        at = self.at(expression.line)
        if not isinstance(expression.root, str):
            return self._into(self.value(expression.root), expression.steps)
        if expression.root in self.bound:
            return self._into(self.bound[expression.root], expression.steps)
        cell, used = self.look(expression.root, expression, at)
        return self._into(cell, expression.steps[used:])

    def _into(self, cell: Cell, steps: Iterable[str | Expression | None]) -> Cell:
        rest = list(steps)
        for number, step in enumerate(rest):
            held = cell.value
            if isinstance(held, Unknown):
                return cell
            if step is None:
                items = held if isinstance(held, tuple) else (cell,)
                return replace(cell, value=tuple(self._into(item, rest[number + 1 :]) for item in items[:MOST_TURNS]))
            key = step if isinstance(step, str) else self.value(step).text
            if isinstance(held, dict) and key is not None and key in held:
                inner = held[key]
            elif isinstance(held, tuple) and key is not None and key.isdecimal() and int(key[:6]) < len(held):
                inner = held[int(key[:6])]
            else:
                return Cell(Unknown(), cell.at)
            cell = replace(inner, came=inner.came or cell.came, default=inner.default or cell.default)
        return cell


def turns(source: Cell, at: Location) -> Iterator[tuple[Cell, Cell]]:
    """Yield key and value of each turn over a list, set or object; one unknown turn where that is not known."""
    held = source.value
    if isinstance(held, tuple):
        for number, item in enumerate(held[:MOST_TURNS]):
            yield Cell(number, at), replace(item, default=item.default or source.default, came=item.came or source.came)
    elif isinstance(held, dict):
        for key, item in list(held.items())[:MOST_TURNS]:
            yield (
                Cell(key, at),
                replace(item, default=item.default or source.default, came=item.came or source.came),
            )
    elif held is not None:
        unknown = Cell(Unknown(_mentions(source)), at)
        yield unknown, unknown


def _placed(cell: Cell, at: Location) -> Cell:
    """Return a value as the line that names it says it."""
    return cell if cell.at == at else replace(cell, at=at)


def _mentions(cell: Cell) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in cell.walk() for name in one.mentions))[:20]


_FILES = frozenset(("file", "templatefile"))
_KINDS: Mapping[type, Callable[[Evaluator, Any], Cell]] = {
    Literal: Evaluator.literal,
    Hole: Evaluator.hole,
    Template: Evaluator.template,
    ListOf: Evaluator.listed,
    TableOf: Evaluator.table,
    Choice: Evaluator.choice,
    Operation: Evaluator.operation,
    Call: Evaluator.call,
    Loop: Evaluator.loop,
    Path: Evaluator.path,
}
