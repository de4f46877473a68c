"""Writes configuration modules out of the idioms of real settings files.

Every choice is drawn from hypothesis, the simplest first, so that a failing program shrinks to a small one. A
program may raise; most do not.
"""

from __future__ import annotations

import re
from functools import cache, partial
from textwrap import indent
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.understand.expressions import TYPES, Expressions
from tests.understand.idioms import IDIOMS
from tests.understand.modules import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import DrawFn

    from tests.understand.modules import After

PRELUDE = """\
import ast, enum, json, os, os.path
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
"""


class Writer(Expressions):
    """Writes one program."""

    def __init__(self, number: Callable[[int], int], unknown: Sequence[str]) -> None:
        """Ask `number(most)` for every choice; `unknown` variables may be read."""
        super().__init__(number, unknown)
        self.files: dict[str, str] = {}
        """The modules beside the program."""
        self.inside = 0
        """How many bodies this is inside of."""

    def block(self, most: int, depth: int) -> str:
        """Return one to `most` statements."""
        return "".join(self.statement(depth) for _ in range(1 + self.number(most - 1)))

    def body(self, most: int, depth: int) -> str:
        """Return an indented block."""
        self.inside += 1
        text = indent(self.block(most, depth), "    ")
        self.inside -= 1
        return text

    def statement(self, depth: int) -> str:
        """Return a statement with its line end."""
        self.left -= 1
        simple = [self.assignment, self.again, self.change, self.change, self.alias]
        compound = [
            self.condition, self.loop, self.attempt, self.function, self.klass, self.choice, self.repeat, self.wrapped,
            self.walrus, self.counter, self.deleted, self.unpacked, self.shared, self.records,
            self.idiom, self.idiom, self.idiom, self.idiom, self.idiom, self.idiom,
        ]  # fmt: skip
        ways = simple
        if depth > 0 and self.left > 0:
            ways = [*simple, *compound, self.condition, self.loop, self.attempt]
            if not (self.scope.result or self.scope.in_loop or self.inside):
                ways += [self.split, self.split, self.split]
        ways = [*ways, *([self.leave] if self.scope.result or self.scope.in_loop else [])]
        text = str(self.pick(ways)(depth))
        return text if text.endswith("\n") else f"{text}\n"

    def assignment(self, _depth: int) -> str:
        """Bind a new name."""
        kind = str(self.pick(TYPES))
        text = self.expression(kind)
        name = self.fresh(kind)
        self.bind(kind, name)
        return f"{name} = {text}"

    def own(self, kind: str) -> list[str]:
        """Return the names of that type that may be assigned here."""
        return [name for name in self.scope.names.get(kind, []) if name not in self.scope.fixed]

    def again(self, depth: int) -> str:
        """Assign a bound name anew."""
        kinds = [kind for kind in TYPES if self.own(kind)]
        if not kinds:
            return self.assignment(depth)
        kind = self.pick(kinds)
        name = self.pick(self.own(kind))
        if kind in ("S", "I", "LS", "LI", "D", "SS") and self.number(1):
            sign = {"D": "|", "SS": "|"}.get(kind, "+")
            return f"{name} {sign}= {self.expression(kind)}"
        return f"{name} = {self.expression(kind)}"

    def change(self, depth: int) -> str:
        """Change a list, dict or set in place."""
        names = self.scope.names
        kinds = [kind for kind in ("LS", "D", "L2", "SS", "LI") if names.get(kind)]
        if not kinds:
            return self.assignment(depth)
        kind = self.pick(kinds)
        name, e = self.pick(names[kind]), self.expression
        if kind == "LS":
            return self.one(
                lambda: f"{name}.append({e('S')})",
                lambda: f"{name}.extend({e('LS')})",
                lambda: f"{name}.insert({self.pick((0, 1, -1))}, {e('S')})",
                lambda: f"if {name}: {name}.pop({self.pick(('', '0'))})",
                lambda: f"if {name}: {name}[0] = {e('S')}",
                lambda: f"{name}.sort()",
                lambda: f"{name}.reverse()",
                lambda: f"{name}.clear()",
                lambda: f"if {name}: {name}.remove({name}[0])",
                lambda: f"{name}[:1] = {e('LS')}",
                lambda: f"if {name}: del {name}[0]",
            )
        if kind == "LI":
            return f"{name}.append({e('I')})"
        if kind == "L2":
            return self.one(
                lambda: f"{name}.append({e('LS')})",
                lambda: f"if {name}: {name}[0].append({e('S')})",
                lambda: f"for row in {name}: row.append({e('S', 0)})",
            )
        if kind == "SS":
            return self.one(
                lambda: f"{name}.add({e('S')})",
                lambda: f"{name}.discard({e('S')})",
                lambda: f"{name}.update({e('LS')})",
            )
        return self.one(
            lambda: f"{name}[{e('S')}] = {e('I')}",
            lambda: f"{name}.update({e('D')})",
            lambda: f"{name}.update(k={e('I')})",
            lambda: f"{name}.setdefault({e('S')}, {e('I')})",
            lambda: f"{name}.pop({e('S')}, None)",
            lambda: f"{name}.clear()",
            lambda: f"{name}['a'] = {name}.get('a', 0) + 1",
            lambda: f"if 'a' in {name}: del {name}['a']",
        )

    def alias(self, depth: int) -> str:
        """Give a list or dict a second name."""
        kinds = [kind for kind in ("LS", "D", "L2", "SS") if self.scope.names.get(kind)]
        if not kinds:
            return self.assignment(depth)
        kind = self.pick(kinds)
        text = self.pick(self.scope.names[kind])
        if self.number(1) and len(self.scope.names[kind]) > 1:
            text = f"{text} if {self.expression('B')} else {self.pick(self.scope.names[kind])}"
        name = self.fresh(kind)
        self.bind(kind, name)
        return f"{name} = {text}"

    def shared(self, depth: int) -> str:
        """Put one list into several containers."""
        if not self.scope.names.get("LS"):
            return self.assignment(depth)
        held = self.pick(self.scope.names["LS"])
        name = self.fresh("L2")
        self.bind("L2", name)
        return f"{name} = [{held}, {self.expression('LS', 1)}, {held}]"

    def unpacked(self, _depth: int) -> str:
        """Bind several names at once."""
        one, two, rest = self.fresh("S"), self.fresh("I"), self.fresh("LS")
        text = self.one(
            lambda: f"{one}, {two} = {self.expression('S')}, {self.expression('I')}",
            lambda: f"{two}, {one} = {self.expression('T')}",
            lambda: f"{one}, *{rest} = [{self.expression('S')}, *{self.expression('LS')}]\n{two} = len({rest})",
        )
        self.bind("S", one)
        self.bind("I", two)
        if rest in text:
            self.bind("LS", rest)
        return text

    def walrus(self, _depth: int) -> str:
        """Bind a name inside a condition."""
        name = self.fresh("S")
        text = f"if ({name} := {self.expression('S')}):\n"
        self.bind("S", name)
        with self.branch():
            return text + self.body(2, 0)

    def deleted(self, depth: int) -> str:
        """Unbind a name."""
        names = [name for kind in TYPES for name in self.own(kind)]
        if not names or self.scope.in_loop or self.scope.result:
            return self.assignment(depth)
        name = self.pick(names)
        for held in self.scope.names.values():
            if name in held:
                held.remove(name)
        return f"del {name}"

    def leave(self, _depth: int) -> str:
        """Leave a loop or a function, mostly under a condition."""
        ways = []
        if self.scope.in_loop:
            ways += ["break", "continue"]
        if self.scope.result:
            ways.append(f"return {self.expression(self.scope.result)}")
        way = self.pick(ways)
        return f"if {self.expression('B')}: {way}" if self.number(4) else way

    def condition(self, depth: int) -> str:
        """An `if` statement."""
        text = f"if {self.expression('B')}:\n"
        with self.branch():
            text += self.body(3, depth - 1)
        if self.number(1):
            with self.branch():
                text += f"elif {self.expression('B')}:\n" + self.body(2, depth - 1)
        if self.number(1):
            with self.branch():
                text += "else:\n" + self.body(2, depth - 1)
        return text

    def loop(self, depth: int) -> str:
        """A `for` statement."""
        name = self.fresh("S")
        kind = self.pick(("LS", "D", "range", "items", "SS"))
        bound: dict[str, str] = {"S": name}
        if kind == "range":
            text = f"for {name} in range({self.expression('I', 0)} % 4):\n"
            bound = {"I": name}
        elif kind == "items":
            other = self.fresh("I")
            bound["I"] = other
            text = f"for {name}, {other} in list({self.expression('D', 1)}.items()):\n"
        else:
            source = self.expression(kind, 1)
            text = f"for {name} in list({source}):\n" if kind != "SS" else f"for {name} in sorted({source}):\n"
        with self.branch(in_loop=True):
            for of, held in bound.items():
                self.bind(of, held)
            text += self.body(3, depth - 1)
        if self.number(2) == 0:
            with self.branch():
                text += "else:\n" + self.body(2, depth - 1)
        return text

    def repeat(self, depth: int) -> str:
        """A `while` statement."""
        turn = self.fresh("turn")
        text = f"{turn} = 0\nwhile {turn} < 3 and {self.expression('B', 1)}:\n    {turn} += 1\n"
        with self.branch(in_loop=True):
            text += self.body(3, depth - 1)
        if self.number(2) == 0:
            with self.branch():
                text += "else:\n" + self.body(1, depth - 1)
        return text

    def attempt(self, depth: int) -> str:
        """A `try` statement."""
        raising = self.one(
            lambda: f"{self.fresh('t')} = int({self.expression('S', 1)})",
            lambda: f"{self.fresh('t')} = {self.expression('D', 1)}[{self.expression('S', 1)}]",
            lambda: f"{self.fresh('t')} = os.environ[{self.variable()!r}]",
            lambda: f"if {self.expression('B')}: raise ValueError('no')",
            lambda: f"{self.fresh('t')} = {self.expression('LS', 1)}[1]",
            lambda: f"assert {self.expression('B', 1)}",
            lambda: f"{self.fresh('t')} = 1 / {self.expression('I', 1)}",
        )
        with self.branch():
            body = self.block(2, depth - 1) if self.number(1) else ""
            body += f"{raising}\n" + self.block(2, 0)
        caught = self.pick(("(ValueError, LookupError, ArithmeticError)", "Exception", "ValueError", "LookupError"))
        text = "try:\n" + indent(body, "    ")
        with self.branch():
            text += f"except {caught}:\n" + self.body(2, depth - 1)
        if self.number(3) == 0:
            with self.branch():
                text += "else:\n" + self.body(1, depth - 1)
        if self.number(3) == 0:
            with self.branch(in_loop=False, result=""):
                text += "finally:\n" + self.body(1, depth - 1)
        return text

    def choice(self, depth: int) -> str:
        """A `match` statement."""
        kind = self.pick(("S", "I", "T"))
        text = f"match {self.expression(kind)}:\n"
        for _ in range(1 + self.number(1)):
            pattern = (
                self.literal(kind) if kind != "T" else self.pick(("(0, 'a')", "(n, 'prod')", "(1 | 2, w)", "[_, *_]"))
            )
            if kind != "T" and self.number(2) == 0:
                pattern = f"{pattern} | {self.literal(kind)}"
            guard = f" if {self.expression('B', 1)}" if self.number(2) == 0 else ""
            with self.branch():
                text += f"    case {pattern}{guard}:\n" + indent(self.body(2, depth - 1), "    ")
        if self.number(1):
            with self.branch():
                text += "    case _:\n" + indent(self.body(1, depth - 1), "    ")
        return text

    def function(self, depth: int) -> str:
        """A function with early returns, and a call of it."""
        name, kind = self.fresh("f"), str(self.pick(("S", "I", "B", "LS", "N", "D", "T")))
        kinds = tuple(str(self.pick(("S", "I", "LS", "B"))) for _ in range(self.number(2)))
        parameters = [f"p{index}" for index in range(len(kinds))]
        written = list(parameters)
        if kinds:
            written[-1] += f"={self.literal(kinds[-1])}"
        globals_ = [n for k in ("S", "I", "LS") for n in self.own(k)] if not self.scope.result else []
        with self.branch(result=kind, in_loop=False):
            text = ""
            fixed = {n for names in self.scope.names.values() for n in names}
            if globals_ and self.number(2) == 0:
                declared = self.pick(globals_)
                text += f"    global {declared}\n"
                fixed.discard(declared)
            self.scope.fixed = frozenset(fixed)
            for of, parameter in zip(kinds, parameters, strict=True):
                self.bind(of, parameter)
            text += self.body(3, depth - 1)
            text += f"    return {self.expression(kind)}\n"
        mark = "@lru_cache(maxsize=None)\n" if not kinds and self.number(4) == 4 and "global" not in text else ""
        self.scope.functions.append((name, kinds, kind))
        result = self.fresh(kind)
        given = ", ".join(self.expression(of) for of in kinds)
        self.bind(kind, result)
        return f"{mark}def {name}({', '.join(written)}):\n{text}{result} = {name}({given})\n"

    def counter(self, _depth: int) -> str:
        """A closure that counts."""
        make, name, result = self.fresh("make"), self.fresh("step"), self.fresh("I")
        text = (
            f"def {make}(start):\n    def step(by=1):\n        nonlocal start\n"
            f"        if {self.expression('B', 1)}:\n            start += by\n        return start\n    return step\n"
            f"{name} = {make}({self.expression('I', 1)})\n{name}()\n{result} = {name}({self.expression('I', 1)})\n"
        )
        self.bind("I", result)
        return text

    def wrapped(self, depth: int) -> str:
        """A `with` statement on a class of the program."""
        name, held = self.fresh("Guard"), self.fresh("g")
        text = (
            f"class {name}:\n    log = []\n    def __init__(self, tag):\n        self.tag = tag\n"
            f"    def __enter__(self):\n        self.log.append(self.tag)\n        return self\n"
            f"    def __exit__(self, kind, error, trace):\n        self.log.append('out')\n"
            f"        return {self.pick(('False', 'None', 'kind is not None'))}\n"
            f"with {name}({self.expression('S', 1)}) as {held}:\n"
        )
        with self.branch():
            text += self.body(2, depth - 1)
        self.scope.instances.append((f"{name}.log", "LS"))
        return text

    def klass(self, _depth: int) -> str:
        """Configuration classes with inheritance, and attributes read from them."""
        base, name = self.fresh("Base"), self.fresh("Config")
        mode, size, names = self.expression("S"), self.expression("I"), self.expression("LS")
        text = f"class {base}:\n    MODE = {mode}\n    SIZE = {size}\n    NAMES = {names}\n"
        if self.number(1):
            with self.branch(instances=[], in_loop=False, result=""):
                self.scope.names = {k: [n for n in v if n not in ("MODE", "SIZE")] for k, v in self.scope.names.items()}
                text += f"    if {self.expression('B')}:\n        MODE = {self.expression('S')}\n"
        method = self.pick(("property", "staticmethod", "classmethod", "plain"))
        head = {
            "property": "    @property\n    def which(self",
            "staticmethod": "    @staticmethod\n    def which(",
        }.get(method, "    @classmethod\n    def which(self" if method == "classmethod" else "    def which(self")
        inner = "'static'" if method == "staticmethod" else "self.MODE + '!'"
        text += f"{head}):\n        if {self.expression('B', 1)}:\n            return {self.expression('S', 1)}\n"
        text += f"        return {inner}\n"
        text += f"class {name}({base}):\n    SIZE = {base}.SIZE + {self.expression('I', 1)}\n"
        if self.number(1):
            text += f"    def __init__(self, mode={self.expression('S', 1)}):\n        super().__init__()\n"
            text += f"        self.MODE = mode\n        if {self.expression('B', 1)}:\n            self.SIZE = 0\n"
        held = self.fresh("c")
        text += f"{held} = {name}()\n"
        call = "which" if method == "property" else "which()"
        self.scope.instances += [
            (f"{held}.{call}", "S"), (f"{held}.MODE", "S"), (f"{held}.SIZE", "I"), (f"{name}.NAMES", "LS"),
            (f"getattr({name}, 'SIZE', 0)", "I"), (f"{name}.MODE", "S"),
        ]  # fmt: skip
        if self.number(1):
            text += f"{held}.{self.pick(('MODE', 'OTHER'))} = {self.expression('S', 1)}\n"
        if self.number(1):
            text += f"{name}.NAMES{self.pick((' = ', ' += '))}{self.expression('LS', 1)}\n"
        return text

    def idiom(self, _depth: int) -> str:
        """One of the collected idioms, its holes filled."""
        text, after = self.pick(IDIOMS)
        self.count += 1
        number = str(self.count)
        return self.filled(text, number) + self.results(after, number)

    def filled(self, template: str, number: str) -> str:
        """Return a template with its holes filled."""
        kept, self.left = self.left, min(self.left, 6)
        made = re.sub(r"<([A-Z]\w?)>", lambda hole: self.expression(hole[1], 2), template.replace("#", number))
        self.left = kept - 3
        return made

    def results(self, after: After, number: str) -> str:
        """Bind what an idiom offers afterwards."""
        text = ""
        for expression, kind in after:
            if not ("<" in expression and "<S>" not in expression) and not (self.scope.result or self.scope.in_loop):
                name = self.fresh(kind)
                text += f"{name} = {self.filled(expression, number)}\n"
                self.bind(kind, name)
        return text

    def split(self, _depth: int) -> str:
        """Put a part of the program into modules of its own."""
        files, after = self.pick(SHAPES)
        self.count += 1
        number = str(self.count)
        for path, text in files[:-1]:
            with self.branch(names={}, functions=[], instances=[]):
                self.files[path.replace("#", number)] = PRELUDE + self.filled(text, number)
        return self.filled(files[-1][1], number) + self.results(after, number)

    def records(self, _depth: int) -> str:
        """A dataclass or an enumeration, and values read from it."""
        name, held = self.fresh("Record"), self.fresh("r")
        if self.number(1):
            text = f"class {name}(str, enum.Enum):\n    ONE = 'one'\n    TWO = 'prod'\n    THREE = 'one'\n"
            member = self.pick(("'prod'", "'one'"))
            text += f"{held} = {name}({member}) if {self.expression('B', 1)} else {name}.THREE\n"
            self.scope.instances += [(f"{held}.value", "S"), (f"{held}.name", "S"), (f"({held} is {name}.ONE)", "B")]
            return text
        text = f"@dataclass\nclass {name}:\n    mode: str = {self.expression('S', 1)}\n"
        text += f"    size: int = {self.expression('I', 1)}\n    names: list = field(default_factory=list)\n"
        text += "    @property\n    def twice(self):\n        return self.size * 2\n"
        given = self.pick(("", "'m'", "size=3", "'m', 4"))
        text += f"{held} = {name}({given})\n"
        text += f"{held}.names.append({held}.mode)\n" if self.number(1) else ""
        self.scope.instances += [(f"{held}.mode", "S"), (f"{held}.twice", "I"), (f"{held}.names", "LS")]
        return text

    def program(self) -> str:
        """Return a whole program."""
        text = "".join(self.statement(2) for _ in range(2 + self.number(6)))
        for expression, kind in self.scope.instances[:6]:
            text += f"{self.fresh(kind)} = {expression}\n"
        return PRELUDE + text + "".join(f"### {path}\n{made}" for path, made in self.files.items())


@st.composite
def programs(draw: DrawFn, unknown: tuple[str, ...] = ()) -> str:
    """Return a program; it may read the `unknown` variables."""
    return Writer(lambda most: draw(_up_to(most)), unknown).program()


_up_to = cache(partial(st.integers, 0))
