"""Expands the words of shell text as far as the repository decides them."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy.reading import Piece, Word
from batten.understand.deploy.shell_words import Expansion, Literal
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from batten.understand.deploy.shell import Node
    from batten.understand.deploy.shell_words import Raw, Segment

SAYS = "the shell"
_MOST_VARIABLES = 500
_LONGEST = 20_000
"""Longer values are given up: a few lines of doubling would fill the memory."""


@dataclass(slots=True)
class State:
    """What a running shell holds."""

    variables: dict[str, Variable]
    exported: set[str]
    arguments: tuple[Word, ...] = ()
    cwd: str = ""
    """Where it went, relative to where it started unless absolute; empty: it stayed."""
    functions: dict[str, Node] = field(default_factory=dict)
    exports_all: bool = False
    assumes: bool = False
    """This branch was taken because a variable is set nowhere: what it sets is a fallback."""

    def copy(self) -> State:
        """Return a state that can go its own way."""
        return replace(
            self,
            variables=dict(self.variables),
            exported=set(self.exported),
            functions=dict(self.functions),
        )

    def environment(self) -> dict[str, Variable]:
        """Return the variables that a started command inherits."""
        return {name: self.variables[name] for name in self.variables if name in self.exported}

    def put(self, variable: Variable) -> None:
        """Set a variable; past what a real script has, new ones are dropped."""
        if variable.name not in self.variables and len(self.variables) >= _MOST_VARIABLES:
            return
        if self.assumes and not variable.default:
            variable = replace(variable, default=True)
        self.variables[variable.name] = variable
        if self.exports_all:
            self.exported.add(variable.name)


@dataclass(slots=True)
class Expander:
    """Expands words of one file."""

    file: str | None

    def value(self, raw: Raw, state: State) -> Piece:
        """Return a word as an assignment or a test takes it: one string, not split."""
        texts: list[str] = []
        default = False
        for segment in raw.segments:
            piece = self._piece(segment, state, raw)
            default |= piece.default
            if piece.text is None:
                return Piece(None, default)
            texts.append(piece.text)
        whole = "".join(texts)
        return Piece(whole if len(whole) <= _LONGEST else None, default)

    def fields(self, raw: Raw, state: State) -> list[Word]:
        """Return the words that one written word becomes as part of a command."""
        at = Location(file=self.file, line=raw.line)
        found: list[Word] = []
        open_: Word | None = None
        for segment in raw.segments:
            if isinstance(segment, Expansion) and segment.name in ("@", "*"):
                for position, argument in enumerate(state.arguments):
                    if position == 0 and open_ is not None:
                        open_ = replace(argument, text=open_.text + argument.text)
                    else:
                        found += [open_] if open_ else []
                        open_ = argument
                continue
            piece = self._piece(segment, state, raw)
            known = not piece.unset and piece.text is not None
            raw_text = segment.raw if isinstance(segment, Expansion) else segment.text
            text = (piece.text or "") if known else raw_text
            parts = [text] if segment.quoted or not known or isinstance(segment, Literal) else text.split()
            for position, part in enumerate(parts):
                if position and open_ is not None:
                    found.append(open_)
                    open_ = None
                open_ = _joined(open_, Word(part, at, known, piece.default))
        nothing = open_ is not None and not open_.text and not found and _spreads(raw)
        return found + ([open_] if open_ is not None and not nothing else [])

    def _piece(self, segment: Segment, state: State, raw: Raw) -> Piece:
        if isinstance(segment, Literal):
            return Piece(segment.text)
        if not segment.name:
            return Piece(None)
        current = _current(segment.name, state)
        operator = segment.operator
        if not operator:
            return current
        inner = Piece("") if operator.endswith("?") else self._word(segment, state, raw)
        missing = current.unset or (operator.startswith(":") and current.text == "")
        if operator.endswith("+"):
            return Piece("", default=current.default) if missing else inner
        if not missing:
            return current
        if operator.endswith("?"):
            return Piece(None)  # the operator of the host has to set it
        fallback = Piece(inner.text, default=current.unset or current.default or inner.default)
        if operator.endswith("="):
            at = Location(file=self.file, line=raw.line)
            state.put(Variable(segment.name, fallback.text, at, SAYS, default=fallback.default))
        return fallback

    def _word(self, segment: Expansion, state: State, raw: Raw) -> Piece:
        return self.value(replace(raw, segments=segment.word), state)


def _spreads(raw: Raw) -> bool:
    """Return whether a word holds `$@`, which vanishes when there are no arguments."""
    return any(isinstance(s, Expansion) and s.name == "@" for s in raw.segments)


def _current(name: str, state: State) -> Piece:
    if name.isdigit():
        if name == "0":
            return Piece(None)
        number = int(name) - 1 if len(name) < 4 else len(state.arguments)  # noqa: PLR2004 - a count of arguments or words
        if number >= len(state.arguments):
            return Piece("")
        word = state.arguments[number]
        return Piece(word.text if word.known else None, word.default)
    if name in "@*":
        return Piece(" ".join(word.text for word in state.arguments))
    if name == "#":
        return Piece(str(len(state.arguments)))
    if name in "?$!-":
        return Piece(None)
    variable = state.variables.get(name)
    if variable is None:
        return Piece("", default=True, unset=True)
    return Piece(variable.value, variable.default)


def _joined(first: Word | None, second: Word) -> Word:
    if first is None:
        return second
    text = first.text + second.text
    known = first.known and second.known and len(text) <= _LONGEST
    return Word(text[:_LONGEST], first.at, known, first.default or second.default)
