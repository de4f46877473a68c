"""Reads a command line's options: long, short, clustered, repeated, negated."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.understand.deploy.reading import Word


@dataclass(frozen=True, slots=True)
class Grammar:
    """Which options a program has."""

    shorts: Mapping[str, str] = field(default_factory=dict)
    """Letter to long name."""
    flags: frozenset[str] = frozenset()
    """Long names that take no value; `--no-NAME` switches one off."""
    repeats: Mapping[str, str] = field(default_factory=dict)
    """Long names that may be given several times, to what joins them."""


@dataclass(slots=True)
class Line:
    """A command line taken apart."""

    options: dict[str, str | bool] = field(default_factory=dict)
    rest: list[Word] = field(default_factory=list)
    """What is no option."""
    given: list[tuple[str, Word]] = field(default_factory=list)
    """Every option's value in order, with its place."""


def read(words: Sequence[Word], grammar: Grammar) -> Line:
    """Return the options and arguments after the program's name."""
    line = Line()
    position = 0
    while position < len(words):
        word = words[position]
        text = word.text
        position += 1
        following = words[position] if position < len(words) else None
        if text == "--":
            line.rest += words[position:]
            break
        if text.startswith("--"):
            position += _long(line, grammar, word, following)
        elif text.startswith("-") and len(text) > 1:
            position += _short(line, grammar, word, following)
        else:
            line.rest.append(word)
    return line


def _long(line: Line, grammar: Grammar, word: Word, following: Word | None) -> int:
    """Take `--name`, `--name=value` or `--name value`; return how many words after it it took."""
    name, equals, value = word.text[2:].partition("=")
    if equals:
        _put(line, grammar, name, word, value)
        return 0
    positive = name.removeprefix("no-")
    if name in grammar.flags or positive in grammar.flags:
        on = name in grammar.flags
        line.options[name if on else positive] = on
        return 0
    if following is None or following.text.startswith("--"):
        line.options[name] = True
        return 0
    _put(line, grammar, name, following, following.text)
    return 1


def _short(line: Line, grammar: Grammar, word: Word, following: Word | None) -> int:
    """Take `-x`, `-xVALUE`, `-x VALUE` or a cluster of flags."""
    letters = word.text[1:]
    for position, letter in enumerate(letters):
        name = grammar.shorts.get(letter, letter)
        attached = letters[position + 1 :]
        if name in grammar.flags or name == letter:
            line.options[name] = True
            continue
        if attached:
            _put(line, grammar, name, word, attached.removeprefix("="))
            return 0
        if following is None:
            line.options[name] = True
            return 0
        _put(line, grammar, name, following, following.text)
        return 1
    return 0


def _put(line: Line, grammar: Grammar, name: str, word: Word, value: str) -> None:
    line.given.append((name, word if word.text == value else _cut(word, value)))
    before = line.options.get(name)
    if name in grammar.repeats and isinstance(before, str):
        value = f"{before}{grammar.repeats[name]}{value}"
    line.options[name] = value


def _cut(word: Word, value: str) -> Word:
    return type(word)(value, word.at, word.known, word.default)
