"""Reads the text of a Terraform file into blocks; a broken block is told, and the next one is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.terraform.grammar import (
    Block,
    Body,
    Broken,
    Call,
    Choice,
    ListOf,
    Literal,
    Loop,
    Operation,
    Path,
    TableOf,
)
from batten.understand.infrastructure.terraform.scanner import Scanner
from batten.understand.infrastructure.terraform.texts import heredoc, is_heredoc, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.infrastructure.terraform.grammar import Expression

_DEEPEST = 40
_MOST_BROKEN = 20
"""Broken blocks after which the rest of the file is left alone."""
_LONGEST = 60
"""Operands of one chain."""
_OPERATOR = re.compile(r"\|\||&&|[=!<>]=|[<>+*/%-]")
_BINDS = {
    sign: strength
    for strength, signs in enumerate(("||", "&&", "== !=", ">= <= > <", "+ -", "* / %"))
    for sign in signs.split()
}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def parse(text: str, broken: Callable[[Broken], None]) -> Body:
    """Return the blocks of a file, and its attributes if it holds values of variables."""
    return Parser(text).file(broken)


class Parser(Scanner):
    """Reads one file, by recursive descent."""

    def __init__(self, text: str) -> None:
        """Start at the first character."""
        super().__init__(text)
        self.depth = 0

    def file(self, broken: Callable[[Broken], None]) -> Body:
        """Return all of the file; what is broken goes to `broken`, and the next block is read."""
        whole = Body()
        for _ in range(_MOST_BROKEN):
            start = self.place
            try:
                while not self.at_end():
                    start, self.depth, self.across = self.place, 0, False
                    self._entry(whole)
            except Broken as fault:
                broken(fault)
                self.to_next_block(start)
            else:
                break
        return whole

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Broken("it nests too deep", self.line)

    # Bodies

    def _entry(self, body: Body) -> None:
        """Read one attribute or block into a body."""
        line = self.line
        name = self.name()
        if name is None and self.sees('"'):
            name = _plain(quoted(self))
        if name is None:
            raise Broken("a name is missing", line)
        if self.sees("=") and not self.sees("=="):
            self.expect("=")
            value = self.expression()
            body.attributes[name] = value
            body.lines[name] = line
            return
        labels: list[str] = []
        while not self.take("{"):
            label = _plain(quoted(self)) if self.sees('"') else self.name()
            if label is None:
                raise Broken(f"after {name!r} there is neither '=' nor '{{'", line)
            labels.append(label)
        self._deeper()
        inner = Body()
        outer, self.across = self.across, False
        self._fill(inner)
        self.across = outer
        self.depth -= 1
        body.blocks.append(Block(name, tuple(labels), inner, line))

    def _fill(self, body: Body) -> None:
        """Read what stands between braces."""
        while True:
            if self.at_end():
                raise Broken("a '}' is missing", self.line)
            if self.take("}"):
                return
            self._entry(body)
            self.take(",")

    # Expressions

    def expression(self) -> Expression:
        """Read one expression."""
        self._deeper()
        line = self.line
        left: Expression = self._binary(0)
        if self.take("?"):
            outer, self.across = self.across, True  # Terraform takes a new line before and after the colon
            this = self.expression()
            self.expect(":")
            self.skip()
            self.across = outer
            left = Choice(left, this, self.expression(), line)
        self.depth -= 1
        return left

    def _binary(self, least: int) -> Expression:
        """Read a chain of operators that bind at least so strongly."""
        left = self._unary()
        for _ in range(_LONGEST):
            self.skip()
            match = _OPERATOR.match(self.text, self.place)
            if match is None or _BINDS[match[0]] < least:
                return left
            line = self.line
            self.place = match.end()
            self.skip(lines=True)
            left = Operation(match[0], left, self._binary(_BINDS[match[0]] + 1), line)
        raise Broken("a chain of operators is too long", self.line)

    def _unary(self) -> Expression:
        line = self.line
        for sign in ("!", "-"):
            if self.sees(sign) and not self.sees("!="):
                self.place += 1
                self._deeper()
                right = self._unary()
                self.depth -= 1
                return Operation(sign, None, right, line)
        return self._steps(self._primary(), line)

    def _steps(self, root: Expression, line: int) -> Expression:
        """Read `.name`, `[index]`, `.*` after an expression."""
        steps: list[str | Expression | None] = []
        while True:
            if self.sees("...") or not self.sees(".", "["):
                break
            if self.take("["):
                if self.take("*"):
                    self.expect("]")
                    steps.append(None)
                else:
                    steps.append(self._inside("]"))
                continue
            self.expect(".")
            if self.take("*"):
                steps.append(None)
                continue
            number = self.number()
            name = str(number).partition(".")[0] if number is not None else self.name()
            if name is None:
                raise Broken("a name is missing after '.'", self.line)
            steps.append(name)
        if not steps:
            return root
        if isinstance(root, Path):
            return Path(root.root, (*root.steps, *steps), line)
        return Path(root, tuple(steps), line)

    def _inside(self, end: str) -> Expression:
        outer, self.across = self.across, True
        value = self.expression()
        self.expect(end)
        self.across = outer
        return value

    def _primary(self) -> Expression:
        self.skip()
        line = self.line
        if self.text.startswith('"', self.place):
            return quoted(self)
        if is_heredoc(self):
            return heredoc(self)
        number = self.number()
        if number is not None:
            return Literal(number, line)
        if self.take("("):
            return self._inside(")")
        if self.take("["):
            return self._list(line)
        if self.take("{"):
            return self._table(line)
        name = self.name()
        if name is None:
            raise Broken("an expression is missing", line)
        while self.text.startswith("::", self.place):  # a function of a provider: provider::aws::arn_parse
            self.place += 2
            name = self.name() or name
        if name in _WORDS:
            return Literal(_WORDS[name], line)
        if self.text.startswith("(", self.place):
            self.place += 1
            return self._call(name, line)
        return Path(name, (), line)

    def _call(self, name: str, line: int) -> Expression:
        outer, self.across = self.across, True
        found: list[Expression] = []
        spread = False
        while not self.take(")"):
            found.append(self.expression())
            spread = self.take("...")
            if not self.take(",") and not self.sees(")"):
                raise Broken("')' is missing", self.line)
        self.across = outer
        return Call(name, tuple(found), line, spread)

    def _list(self, line: int) -> Expression:
        outer, self.across = self.across, True
        loop = self._loop("]", line)
        found: list[Expression] = []
        while loop is None and not self.take("]"):
            found.append(self.expression())
            if not self.take(",") and not self.sees("]"):
                raise Broken("']' is missing", self.line)
        self.across = outer
        return loop or ListOf(tuple(found), line)

    def _table(self, line: int) -> Expression:
        outer, self.across = self.across, True
        loop = self._loop("}", line)
        pairs: list[tuple[Expression, Expression]] = []
        while loop is None and not self.take("}"):
            self.across = True
            key = self.expression()
            if isinstance(key, Path) and isinstance(key.root, str) and not key.steps:
                key = Literal(key.root, key.line)
            if not self.take("="):
                self.expect(":")
            self.skip()
            self.across = False
            value = self.expression()
            self.across = True
            pairs.append((key, value))
            self.take(",")
        self.across = outer
        return loop or TableOf(tuple(pairs), line)

    def _loop(self, end: str, line: int) -> Expression | None:
        """Read `for … in … : …`, where it is one."""
        start = self.place
        if self.name() != "for" or not (first := self.name()):
            self.place = start
            return None
        second = self.name() if self.take(",") else None
        if self.name() != "in":
            self.place = start
            return None
        source = self.expression()
        self.expect(":")
        result = self.expression()
        mark = None
        if self.take("=>"):
            mark, result = result, self.expression()
        grouped = self.take("...")
        self.skip()
        condition = self._condition()
        self.expect(end)
        names = (first, second) if second else (first,)
        return Loop(names, source, mark, result, condition, line, grouped)

    def _condition(self) -> Expression | None:
        start = self.place
        if self.name() == "if":
            return self.expression()
        self.place = start
        return None


def _plain(value: Expression) -> str:
    return str(value.value) if isinstance(value, Literal) else ""
