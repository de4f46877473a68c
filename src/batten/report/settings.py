"""The settings of one app as a table: name, how sure, value, and where the value comes from."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from batten.model import State, python, shown
from batten.model.data import dataclass
from batten.report.style import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from batten.model import AppSummary, Evidence, Location, Value
    from batten.report.style import Look

_GROUPS = ("run.", "", "header.", "cors.")
"""The order of the table: how it is served, its settings, what every response carries."""
_MARGIN = 2
_GAP = 2
_SURE = 8
"""Columns of the word that says how sure a value is."""
_MOST_LINES = 3
_MOST_CASES = 6
_LONGEST_SEEN = 48
"""Columns of a value inside an origin."""
_SHARED = 3
"""An end of an origin that so many settings share is told once, below the table."""
_DEMANDED = re.compile(r"(\w+) is not set: the app does not start without it$")
"""How the evaluator says that the app does not start without a variable."""
_MAY_SET = re.compile(r"(?<=is not in the repository): it may set [\w, ]+$")
"""What a file that is missing may set: the setting that it is told of, and others."""
_HEADINGS = ("setting", "how sure", "value", "where from")
_MEANINGS = {
    "confirmed": "good",
    "certain": "good",
    "likely": "medium",
    "possible": "medium",
    "one of": "medium",
    "unknown": "high",
    "error": "medium",
    "runtime": "low",
    "default": "faint",
    "unset": "faint",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that a setting can be."""

    says: str
    """The value as Python writes it, or the reason why there is none."""
    steps: tuple[str, ...] = ()
    """Where it comes from, step by step, each with its place."""
    is_value: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One setting, told."""

    name: str
    sure: str
    """One word: the confidence of a known value, else the state."""
    cases: tuple[Case, ...]


def lines(app: AppSummary, names: Iterable[str], *, detailed: bool = False) -> list[Line]:
    """Return the named settings of an app in the order of the table.

    A value seen on the way to a secret is told where it is told of another
    setting too; `detailed` keeps what repeats the value itself.
    """
    public = {
        (hop.at, hop.says): hop.text for value in app.settings.values() if not value.secret for hop in _hops(value)
    }
    wanted = sorted(names, key=lambda name: (_group(name), name.lower(), name))
    return [_line(name, app.settings[name], public, detailed=detailed) for name in wanted]


def _hops(value: Value) -> Iterator[Evidence]:
    yield from value.evidence
    for case in value.cases_:
        yield from case.evidence


def _group(name: str) -> int:
    prefixed = (place for place, prefix in enumerate(_GROUPS) if prefix and name.startswith(prefix))
    return next(prefixed, _GROUPS.index(""))


def _line(name: str, value: Value, public: Mapping[tuple[Location, str], str], *, detailed: bool) -> Line:
    def steps(of: Value) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_steps(name, of, public, detailed=detailed)))

    if value.state is State.KNOWN:
        if value.default:
            return Line(name, "default", (Case(written(value)),))
        return Line(name, value.confidence.value, (Case(written(value), steps(value)),))
    if value.state is State.ONE_OF:
        told = [Case(written(case), steps(case)) for case in value.cases_[:_MOST_CASES]]
        left = len(value.cases_) - len(told)
        more = [Case(f"and {left} more", is_value=False)] if left else []
        unset = [Case(value.why, is_value=False)] if value.why else []
        return Line(name, "one of", (*told, *more, *unset))
    if value.cases_ and value.state is State.UNKNOWN:
        perhaps = " or ".join(written(case) for case in value.cases_[:_MOST_CASES])
        return Line(name, "unknown", (Case(f"perhaps {perhaps}", (*steps(value), value.why)),))
    return Line(name, value.state.value, (Case(_reason(name, value), steps(value), is_value=False),))


def written(value: Value) -> str:
    """Return a known value as Python writes it, in full, a secret masked."""
    if value.secret and value.veiled is None:
        return shown(value.value, secret=True)
    try:
        return python(value.value if value.veiled is None else value.veiled)
    except (ValueError, RecursionError):  # more digits or depth than Python writes
        return "too large to be written"


def _reason(name: str, value: Value) -> str:
    demanded = _DEMANDED.match(value.why) if value.state is State.ERROR else None
    if demanded is not None:
        return (
            "has to be set"
            if demanded[1].lower() == name.rpartition(".")[2].lower()
            else f"{demanded[1]} has to be set"
        )
    if value.external and value.evidence:
        return "set outside the repository"
    return value.why or ("nothing sets it" if value.state is State.UNSET else "nothing more is known")


def _steps(name: str, value: Value, public: Mapping[tuple[Location, str], str], *, detailed: bool) -> Iterator[str]:
    """Yield each hop with its place, in few words: the setting's own name and value stand beside them."""
    plain = written(value) if value.state is State.KNOWN else ""
    for hop in value.evidence:
        told = hop.hidden() if value.secret and value.veiled is None else hop
        text = told.text
        if told.secret and (hop.at, hop.says) in public:
            text = public[hop.at, hop.says]
        elif not detailed:
            text = _short(name, told, plain)
        place = "" if text.startswith("--env") else f"{hop.at} "  # the place of such a variable is its own name
        yield f"{place}{text}".strip()
    if not value.evidence and value.at is not None and value.state is not State.UNSET:
        yield str(value.at)


def _short(name: str, hop: Evidence, plain: str) -> str:
    """Return what is so at a hop, without what the table says already."""
    if hop.value is None and hop.says.endswith(" has to be set"):
        return ""
    if hop.value is None:
        return _MAY_SET.sub(": it may set this", hop.says)
    value = hop.text[len(hop.says) + 1 :]
    own = (name.lower(), name.rpartition(".")[2].lower())
    if hop.says.endswith(" is set here to") and hop.says.removesuffix(" is set here to").lower() in own:
        return ""
    if value == plain or (value.endswith("…") and plain.startswith(value[:-1])):
        if hop.says.endswith(": default"):
            variable = hop.says.partition(" ")[0]
            return "" if variable.lower() == own[1] else f"{hop.says.removesuffix('default')}the default"
        return hop.says.removesuffix(" to")
    return f"{hop.says} {middle(value, _LONGEST_SEEN)}"


def middle(text: str, room: int, sign: str = "…") -> str:
    """Return the text in at most `room` columns, shortened in the middle, where `sign` then stands."""
    if columns(text) <= room:
        return text
    left = room - len(sign)
    tail = left // 3
    head = left - tail
    while columns(text[:head]) + columns(text[-tail:]) > left and head > 1:  # wide characters take two
        head -= 1
        tail = max(tail - 1, 1)
    return f"{text[:head]}{sign}{text[-tail:]}"


def table(held: Sequence[Line], look: Look, *, detailed: bool = False) -> list[str]:
    """Return the lines of a table; `detailed` shortens no value and gives each step a line of its own."""
    notes = {} if detailed else _notes(held)
    told: list[str] = []
    for _, group in groupby(held, lambda line: _group(line.name)):
        group_of = list(group)
        grid = _Grid(group_of, look, detailed=detailed)
        told += [""] if told else [grid.heading()]
        told += [part for line in group_of for part in grid.line(line, notes)]
    if notes:
        told.append("")
    for steps, mark in notes.items():
        first, *rest = look.wrap("; ".join(steps), _MARGIN + len(mark) + 1)
        told.append(f"{'':{_MARGIN}}{look.paint(mark, 'frame')} {look.paint(first, 'faint')}")
        told += [f"{'':{_MARGIN + len(mark) + 1}}{look.paint(part, 'faint')}" for part in rest]
    return told


def _notes(held: Sequence[Line]) -> dict[tuple[str, ...], str]:
    """Return the ends of origins that several settings share, with the mark of each."""
    origins = [case.steps for line in held for case in line.cases]
    ends = Counter(end for steps in origins for end in _ends(steps))
    longest = (next((end for end in _ends(steps) if ends[end] >= _SHARED), ()) for steps in origins)
    chosen = Counter(end for end in longest if end)
    shared = [end for end, times in chosen.items() if times > 1]
    return {end: f"[{number}]" for number, end in enumerate(shared, 1)}


def _ends(steps: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the ends of an origin that leave its first step, longest first."""
    return (steps[first:] for first in range(1, len(steps)))


class _Grid:
    """Where the columns of one table stand."""

    def __init__(self, held: Sequence[Line], look: Look, *, detailed: bool) -> None:
        self.look = look
        self.detailed = detailed
        self.sign = "..." if look.ascii else "…"
        longest = max(columns(self._visible(line.name)) for line in held)
        self.name = min(max(longest, len(_HEADINGS[0])), look.width * 2 // 5 + 2)
        self.start = _MARGIN + self.name + _GAP + _SURE + _GAP
        self.room = max(look.width - self.start, 20)
        short = [columns(self._visible(case.says)) for line in held for case in line.cases if case.is_value]
        most = self.room * 2 // 5
        self.value = max([width for width in short if width <= most], default=len(_HEADINGS[2]))

    def heading(self) -> str:
        """Return the names of the columns."""
        name, sure, value, origin = _HEADINGS
        gap = " " * _GAP
        text = gap.join((f"{name:{self.name}}", f"{sure:{_SURE}}", f"{value:{self.value}}", origin))
        return f"{'':{_MARGIN}}{self.look.paint(text, 'faint')}"

    def line(self, line: Line, notes: Mapping[tuple[str, ...], str]) -> Iterator[str]:
        """Yield the lines of one setting."""
        name = middle(self._visible(line.name), self.look.width - _MARGIN, self.sign)
        faint = line.sure in ("default", "unset")
        meaning = "faint" if faint else "strong"
        sure = self.look.paint(f"{line.sure:{_SURE}}", _MEANINGS[line.sure])
        head = f"{'':{_MARGIN}}{self.look.paint(name, meaning)}"
        if columns(name) > self.name:
            yield head
            head = f"{'':{_MARGIN + self.name}}"
        else:
            head += " " * (self.name - columns(name))
        head += f"{'':{_GAP}}{sure}{'':{_GAP}}"
        for case in line.cases:
            for part in self._case(case, notes, "faint" if faint else ""):
                yield f"{head}{part}".rstrip()
                head = " " * self.start

    def _case(self, case: Case, notes: Mapping[tuple[str, ...], str], meaning: str) -> Iterator[str]:
        parts = self._value(case)
        origin = self._origin(case.steps, notes)
        width = columns(parts[-1])
        beside = self.room - self.value - _GAP
        if len(parts) == 1 and width <= self.value and len(origin) == 1 and columns(origin[0]) <= beside:
            text, meant = origin[0], self.look.paint(origin[0], "faint")
            yield self.look.paint(parts[0], meaning) + (f"{'':{self.value - width + _GAP}}{meant}" if text else "")
            return
        yield from (self.look.paint(part, meaning) for part in parts)
        yield from (self.look.paint(part, "faint") for part in origin if part)

    def _value(self, case: Case) -> list[str]:
        if not case.is_value:
            return self.look.wrap(case.says, self.start)
        text = self._visible(case.says)
        words = text.split(" ")
        if not self.detailed and len(words) > 1:
            words = [middle(word, self.room, self.sign) for word in words]
        parts = folded(" ".join(words), self.room)
        if self.detailed:
            return parts
        if len(parts) <= _MOST_LINES:
            return parts
        return [
            *parts[: _MOST_LINES - 2],
            middle(f"{parts[_MOST_LINES - 2]} {self.sign}", self.room, self.sign),
            parts[-1],
        ]

    def _origin(self, steps: tuple[str, ...], notes: Mapping[tuple[str, ...], str]) -> list[str]:
        if self.detailed:
            return [part for step in steps for part in self.look.wrap(step, self.start, hanging=2)]
        end = next((end for end in _ends(steps) if end in notes), None)
        if end is None:
            return self.look.wrap("; ".join(steps), self.start)
        mark = notes[end]
        parts = self.look.wrap("; ".join(steps[: -len(end)]), self.start)
        if columns(parts[-1]) + 1 + len(mark) > self.room:  # a mark alone on its line would be lost
            *before, last = parts.pop().split(" ")
            parts += [" ".join(before), last] if before else [last]
        return [*parts[:-1], f"{parts[-1]} {mark}"]

    def _visible(self, text: str) -> str:
        return "".join(map(self.look.visible, text))


def folded(text: str, room: int) -> list[str]:
    """Return the text in lines of at most `room` columns, broken after a space, else after a sign, else anywhere."""
    held = [""]
    for word in re.split(r"(?<= )", text):
        fits = columns(word.rstrip()) <= room
        for part in [word] if fits else re.split(r"(?<=[/.,:;@&?=])", word):
            if held[-1] and columns(held[-1]) + columns(part.rstrip()) > room:
                held.append("")
            for character in part:
                if columns(held[-1].rstrip() + character) > room and character != " ":
                    held.append("")
                held[-1] += character
    return [part.rstrip() for part in held]


__all__ = ["Case", "Line", "folded", "lines", "middle", "table", "written"]
