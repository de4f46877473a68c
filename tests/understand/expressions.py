"""Writes expressions out of the idioms of real settings files, each of a wanted type."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


GIVEN = {"MODE": "prod", "FLAG": "False", "SIZE": "12", "HOSTS": "a.example, b.example", "EMPTY": ""}
"""Variables that the environment holds."""
UNSET = ("MISSING", "NOT_THERE")
UNKNOWN = ("OPEN", "EITHER")
"""Variables that the platform sets to something that the repository does not say."""
SAMPLES = ("", "0", "1", "true", "False", "prod", "dev", "a,b", "7", " x ")
"""What the unknown variables are tried with."""

WORDS = ("a", "prod", "", "True", "false", "1", "x,y", "Dev", "12", "b c")
NUMBERS = (0, 1, 2, 3, -1, 7, 10, 300)


@dataclass
class Scope:
    """What the code being written may use."""

    names: dict[str, list[str]] = field(default_factory=dict)
    """Type to the names that are surely bound."""
    functions: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    """Name, types of the parameters, type of the result."""
    instances: list[tuple[str, str]] = field(default_factory=list)
    """An expression for an attribute, and its type."""
    fixed: frozenset[str] = frozenset()
    """Names that must not be assigned (they are read from an outer function)."""
    result: str = ""
    """The type to return, when in a function."""
    in_loop: bool = False

    def copy(self) -> Scope:
        """Return a scope for a branch: what is bound there is not surely bound afterwards."""
        return Scope(
            {k: list(v) for k, v in self.names.items()},
            list(self.functions),
            list(self.instances),
            self.fixed,
            self.result,
            self.in_loop,
        )


TYPES = ("S", "I", "B", "LS", "D", "N", "LI", "SS", "T", "F", "L2")


class Expressions:
    """Writes expressions of a wanted type."""

    def __init__(self, number: Callable[[int], int], unknown: Sequence[str]) -> None:
        """Ask `number(most)` for every choice; `unknown` variables may be read."""
        self.number = number
        self.unknown = tuple(unknown)
        self.count = 0
        self.scope = Scope()
        self.left = 60
        """How much may still be written."""

    # Choices

    def pick(self, options: Sequence[Any]) -> Any:  # noqa: ANN401 - one of them
        """Return one of the options."""
        return options[self.number(len(options) - 1)]

    def fresh(self, kind: str) -> str:
        """Return a new name."""
        self.count += 1
        return f"{kind.lower()}{self.count}"

    def bind(self, kind: str, name: str) -> None:
        """Note that a name surely holds a value of that type."""
        for names in self.scope.names.values():
            if name in names:
                names.remove(name)
        self.scope.names.setdefault(kind, []).append(name)

    @contextmanager
    def branch(self, **changes: Any) -> Iterator[None]:  # noqa: ANN401 - fields of Scope
        """Write inside a body that may not run."""
        kept, self.scope = self.scope, self.scope.copy()
        for name, value in changes.items():
            setattr(self.scope, name, value)
        try:
            yield
        finally:
            self.scope = kept

    # Expressions

    def expression(self, kind: str, depth: int = 2) -> str:
        """Return an expression of that type."""
        self.left -= 1
        names = self.scope.names.get(kind, [])
        attributes = [text for text, of in self.scope.instances if of == kind]
        leaves = [*names, *attributes]
        if leaves and self.number(2) == 0:
            return str(self.pick(leaves))
        if depth <= 0 or self.left <= 0:
            return str(self.pick(leaves)) if leaves and self.number(1) else self.literal(kind)
        written: str = getattr(self, f"_{kind}")(depth - 1)
        return written

    def literal(self, kind: str) -> str:
        """Return a literal of that type."""
        if kind == "S":
            return repr(self.pick(WORDS))
        if kind == "I":
            return repr(self.pick(NUMBERS))
        if kind == "B":
            return str(self.pick(("False", "True")))
        if kind == "F":
            return str(self.pick(("0.0", "1.5", "-2.25")))
        if kind == "N":
            return str(self.pick(("None", "'set'")))
        if kind == "LS":
            return "[" + ", ".join(repr(self.pick(WORDS)) for _ in range(self.number(3))) + "]"
        if kind == "LI":
            return "[" + ", ".join(repr(self.pick(NUMBERS)) for _ in range(self.number(3))) + "]"
        if kind == "L2":
            return "[" + ", ".join(self.literal("LS") for _ in range(self.number(2))) + "]"
        if kind == "D":
            return "{" + ", ".join(f"{self.pick(WORDS)!r}: {self.pick(NUMBERS)}" for _ in range(self.number(3))) + "}"
        if kind == "SS":
            return "{" + ", ".join(repr(self.pick(WORDS)) for _ in range(1 + self.number(2))) + "}"
        return f"({self.pick(NUMBERS)}, {self.pick(WORDS)!r})"

    def variable(self) -> str:
        """Return the name of an environment variable."""
        names = [*GIVEN, *UNSET]
        if self.unknown:
            names = [*self.unknown, *self.unknown, *names]
        return str(self.pick(names))

    def called(self, kind: str, depth: int) -> str | None:
        """Return a call of a function written before that gives that type."""
        fits = [f for f in self.scope.functions if f[2] == kind]
        if not fits:
            return None
        name, kinds, _ = self.pick(fits)
        given = [self.expression(of, depth) for of in kinds[: len(kinds) - self.number(1)]] if kinds else []
        if len(given) < len(kinds):
            return f"{name}({', '.join(given)})"
        shape = self.number(3)
        if shape == 0 and kinds:
            return f"{name}({', '.join([*given[:-1], f'p{len(kinds) - 1}={given[-1]}'])})"
        if shape == 1 and kinds:
            return f"{name}(*[{', '.join(given)}])"
        if shape == 2 and kinds:
            entries = ", ".join(f"'p{index}': {text}" for index, text in enumerate(given))
            return f"{name}(**{{{entries}}})"
        return f"{name}({', '.join(given)})"

    def either(self, kind: str, depth: int) -> str:
        """Return a conditional expression."""
        return f"({self.expression(kind, depth)} if {self.expression('B', depth)} else {self.expression(kind, depth)})"

    def one(self, *options: Any) -> str:  # noqa: ANN401 - texts and functions that return one
        """Return one of the options, called when it is a function; None is passed over."""
        start = self.number(len(options) - 1)
        for option in (*options[start:], *options[:start]):
            text = option() if callable(option) else option
            if text is not None:
                return str(text)
        raise AssertionError

    def interpolated(self, depth: int) -> str | None:
        """Return an f-string, None when its parts hold quotes (Python 3.11 has no way to write them)."""
        one, two = self.expression("I", depth), self.expression("S", 0)
        if '"' in one + two or "\\" in one + two or "{" in one + two:
            return None
        return f'f"{{{one}}}-{{{two}!r:>4}}"'

    def _S(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: self.literal("S"),
            lambda: f"os.environ.get({self.variable()!r}, {e('S', d)})",
            lambda: f"os.getenv({self.variable()!r}, {self.pick(WORDS)!r})",
            lambda: f"({e('S', d)} + {e('S', d)})",
            lambda: self.interpolated(d),
            lambda: f"{e('S', d)}.{self.pick(('lower', 'strip', 'upper', 'title'))}()",
            lambda: f"{e('S', d)}.replace('a', 'b')",
            lambda: f"{e('S', d)}[{self.pick((':1', '1:', '::-1', ':-1'))}]",
            lambda: f"'%s/%s' % ({e('S', d)}, {e('I', d)})",
            lambda: f"'{{}}:{{k}}'.format({e('S', d)}, k={e('I', d)})",
            lambda: f"','.join({e('LS', d)})",
            lambda: f"str({e(self.pick(('I', 'B', 'N', 'LS', 'D', 'T', 'F')), d)})",
            lambda: self.either("S", d),
            lambda: f"({e('N', d)} or {e('S', d)})",
            lambda: f"({e('S', d)} and {e('S', d)})",
            lambda: self.called("S", d),
            lambda: f"{{'prod': {e('S', d)}, 'dev': {e('S', d)}}}.get({e('S', d)}, {e('S', d)})",
            lambda: f"(lambda v, k={e('S', 0)}: v + k)({e('S', d)})",
            lambda: f"({e('LS', d)} or ['z'])[{self.pick(('0', '-1'))}]",
            lambda: f"next((v for v in {e('LS', d)} if v), {e('S', d)})",
            lambda: f"max({e('LS', d)}, key=len, default='q')",
            lambda: f"os.path.join({e('S', d)}, {e('S', d)})",
            lambda: f"str(Path({e('S', d)}) / 'x')",
            lambda: f"os.path.basename({e('S', d)})",
            lambda: f"{e('T', d)}[1]",
            lambda: "(json.loads('[7, 1]')[0] and " + e("S", d) + ")",
            lambda: f"(''.join(sorted({e('SS', d)})))",
        )

    def _I(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: self.literal("I"),
            lambda: f"len({e(self.pick(('S', 'LS', 'D', 'SS', 'LI')), d)})",
            lambda: f"({e('I', d)} {self.pick(('+', '-', '*'))} {e('I', d)})",
            lambda: f"({e('I', d)} {self.pick(('//', '%'))} {self.pick((2, 3, -2))})",
            lambda: f"int(os.environ.get({self.variable()!r}, '5'))" if self.number(3) == 0 else None,
            lambda: f"(int({e('S', 0)}) if {e('S', 0)}.isdigit() else 4)" if self.number(3) == 0 else None,
            lambda: f"sum({e('LI', d)})",
            lambda: f"max([1, *{e('LI', d)}])",
            lambda: f"min({e('LI', d)}, default={e('I', d)})",
            lambda: f"{e('D', d)}.get({e('S', d)}, {e('I', d)})",
            lambda: f"{e('S', d)}.count('a')",
            lambda: f"int({e('B', d)})",
            lambda: f"{e('B', d)} + 1",
            lambda: self.either("I", d),
            lambda: f"({e('I', d)} or {e('I', d)})",
            lambda: self.called("I", d),
            lambda: f"sum(1 for v in {e('LS', d)} if v)",
            lambda: f"abs({e('I', d)})",
            lambda: f"round({e('F', d)})",
            lambda: f"{e('T', d)}[0]",
            lambda: "ast.literal_eval('[1, 2]')[1]",
            lambda: f"-{e('I', d)}",
            lambda: f"{e('D', d)}.pop({e('S', d)}, {e('I', d)})",
            lambda: f"{e('D', d)}.setdefault({e('S', d)}, {e('I', d)})",
        )

    def _B(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: f"{e('S', d)} == {e('S', d)}",
            lambda: f"{e('S', d)}.lower() in ('1', 'true', 'yes')",
            lambda: f"os.environ.get({self.variable()!r}) == {self.pick(WORDS)!r}",
            lambda: f"bool(os.environ.get({self.variable()!r}, {self.pick(WORDS)!r}))",
            lambda: f"bool({e(self.pick(('S', 'I', 'N', 'LS', 'D')), d)})",
            lambda: f"not {e(self.pick(('B', 'S', 'I')), d)}",
            lambda: f"({e('B', d)} and {e('B', d)})",
            lambda: f"({e('B', d)} or {e('B', d)})",
            lambda: f"{e('I', d)} {self.pick(('>', '<=', '!=', '=='))} {e('I', d)}",
            lambda: f"0 <= {e('I', d)} < {e('I', d)}",
            lambda: f"{e('S', d)} in {e(self.pick(('LS', 'D', 'SS', 'S')), d)}",
            lambda: f"{e('S', d)} not in {e(self.pick(('LS', 'D')), d)}",
            lambda: f"{e('N', d)} is {self.pick(('', 'not '))}None",
            lambda: f"{e('B', d)} is True",
            lambda: f"any(v == {e('S', 0)} for v in {e('LS', d)})",
            lambda: f"all({e('LS', d)})",
            lambda: f"isinstance({e(self.pick(('S', 'N', 'I', 'B')), d)}, {self.pick(('str', 'int', '(str, list)'))})",
            lambda: f"{e('S', d)}.{self.pick(('startswith', 'endswith'))}({self.pick(WORDS)!r})",
            lambda: f"{self.variable()!r} in os.environ",
            lambda: self.called("B", d),
            lambda: f"{e('LS', d)} == {e('LS', d)}",
            lambda: f"{e('S', d)} < {e('S', d)}",
            lambda: f"({e('B', d)} if {e('B', d)} else {e('B', d)})",
        )

    def _N(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: f"os.environ.get({self.variable()!r})",
            lambda: f"os.getenv({self.variable()!r})",
            lambda: f"({e('S', d)} if {e('B', d)} else None)",
            lambda: f"{{'prod': 'p', 'dev': None}}.get({e('S', d)})",
            lambda: self.called("N", d),
            lambda: f"({e('N', d)} and {e('N', d)})",
            lambda: f"({e('S', d)} or None)",
        )

    def _F(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: f"float({e('I', d)})",
            lambda: f"{e('I', d)} / 4",
            lambda: f"({e('F', d)} + {e('I', d)})",
            lambda: f"round({e('F', d)}, 1)",
        )

    def _T(self, d: int) -> str:  # noqa: N802 - named after the type
        return self.one(
            lambda: f"({self.expression('I', d)}, {self.expression('S', d)})",
            lambda: self.either("T", d),
            lambda: self.called("T", d),
        )

    def _LS(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: f"{e('S', d)}.split(',')",
            lambda: f"[{e('S', d)}, {e('S', d)}]",
            lambda: f"[v.strip() for v in {e('S', d)}.split(',') if v]",
            lambda: f"[v for v in {e('LS', d)} if v != {e('S', 0)}]",
            lambda: f"({e('LS', d)} + {e('LS', d)})",
            lambda: f"sorted({e(self.pick(('LS', 'SS', 'D')), d)}, reverse={e('B', 0)})",
            lambda: f"[*{e('LS', d)}, {e('S', d)}]",
            lambda: f"list({e('D', d)})",
            lambda: f"{e('LS', d)}[{self.pick(('1:', '::-1', ':2'))}]",
            lambda: f"[f'{{i}}{{v}}' for i, v in enumerate({e('LS', d)})]",
            lambda: f"[str(v) for v in range({self.pick((0, 1, 3))})]",
            lambda: self.either("LS", d),
            lambda: self.called("LS", d),
            lambda: f"list(map(lambda v: v.upper(), {e('LS', d)}))",
            lambda: f"list(filter(None, {e('LS', d)}))",
            lambda: f"list(reversed({e('LS', d)}))",
            lambda: f"[k for k, v in {e('D', d)}.items() if v]",
            lambda: f"{e('LS', d)}.copy()",
            lambda: f"list({e('LS', d)})",
            lambda: f"({e('LS', d)} * 2)",
            lambda: f"[v + w for v in {e('LS', d)} for w in ('1', '2')]",
            lambda: f"({e('L2', d)} or [['w']])[0]",
        )

    def _LI(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: f"[len(v) for v in {e('LS', d)}]",
            lambda: f"list(range({e('I', 0)} % 4))",
            lambda: f"list({e('D', d)}.values())",
            lambda: f"sorted({e('LI', d)})",
            lambda: f"[{e('I', d)}, {e('I', d)}]",
            lambda: self.either("LI", d),
            lambda: f"[v * 2 for v in {e('LI', d)} if v > {e('I', 0)}]",
        )

    def _L2(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: f"[{e('LS', d)}, {e('LS', d)}]",
            lambda: f"[{e('LS', 0)}] * 2",
            lambda: f"list({e('L2', d)})",
            lambda: self.either("L2", d),
        )

    def _SS(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: f"set({e('LS', d)})",
            lambda: f"{{v.lower() for v in {e('LS', d)}}}",
            lambda: f"({e('SS', d)} {self.pick(('|', '&', '-', '^'))} {e('SS', d)})",
            lambda: f"{e('SS', d)}.union({e('LS', d)})",
        )

    def _D(self, d: int) -> str:  # noqa: N802 - named after the type
        e = self.expression
        return self.one(
            lambda: f"{{{e('S', d)}: {e('I', d)}}}",
            lambda: f"dict(a={e('I', d)}, prod={e('I', d)})",
            lambda: f"{{v: len(v) for v in {e('LS', d)}}}",
            lambda: f"{{**{e('D', d)}, {e('S', d)}: {e('I', d)}}}",
            lambda: f"({e('D', d)} | {e('D', d)})",
            lambda: f"dict(zip({e('LS', d)}, {e('LI', d)}))",
            lambda: f"{e('D', d)}.copy()",
            lambda: f"dict({e('D', d)}, a={e('I', d)})",
            lambda: self.either("D", d),
            lambda: self.called("D", d),
            lambda: f"{{k: v for k, v in {e('D', d)}.items() if v {self.pick(('>', '<'))} {e('I', 0)}}}",
        )
