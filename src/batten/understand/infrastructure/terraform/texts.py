"""Texts of Terraform: in quotes and as here documents, with their holes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.terraform.grammar import Broken, Hole, Literal, Template

if TYPE_CHECKING:
    from batten.understand.infrastructure.terraform.grammar import Expression
    from batten.understand.infrastructure.terraform.parser import Parser

_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w.-]*)[ \t]*\n")
_PLAIN = re.compile(r'[^"\\$%\n]+')
_BEFORE_HOLE = re.compile(r"[^$%]+")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def quoted(parser: Parser) -> Expression:
    """Read a text in quotes."""
    line = parser.line
    parser.place += 1
    parts: list[str | Expression] = []
    text = parser.text
    while True:
        match = _PLAIN.match(text, parser.place)
        if match is not None:
            parts.append(match[0])
            parser.place = match.end()
        mark = text[parser.place : parser.place + 1]
        if mark == '"':
            parser.place += 1
            return _joined(parts, line)
        if mark in ("", "\n"):
            raise Broken("a text has no end", line)
        if mark == "\\":
            parts.append(_escape(parser))
        else:
            _hole(parser, parts)


def _escape(parser: Parser) -> str:
    letter = parser.text[parser.place + 1 : parser.place + 2]
    size = {"u": 4, "U": 8}.get(letter)
    if size is None:
        parser.place += 2
        return _ESCAPES.get(letter, letter)
    digits = parser.text[parser.place + 2 : parser.place + 2 + size]
    parser.place += 2 + size
    try:
        return chr(int(digits, 16))
    except (ValueError, OverflowError):
        return ""


def _hole(parser: Parser, parts: list[str | Expression]) -> None:
    """Read what begins with `$` or `%`: a hole, a directive, or only the character."""
    text, start = parser.text, parser.place
    if text.startswith(("$${", "%%{"), start):
        parts.append(text[start + 1 : start + 3])
        parser.place += 3
    elif text.startswith("${", start):
        parser.place += 2
        parser.take("~")
        outer, parser.across = parser.across, True
        parts.append(parser.expression())
        parser.take("~")
        parser.expect("}")
        parser.across = outer
    elif text.startswith("%{", start):
        end = text.find("}", start)
        if end < 0:
            raise Broken("a directive has no end", parser.line)
        parts.append(Hole(text[start : end + 1], parser.line))
        parser.place = end + 1
    else:
        parts.append(text[start])
        parser.place += 1


def is_heredoc(parser: Parser) -> bool:
    """Return whether a here document begins here."""
    return _HEREDOC.match(parser.text, parser.place) is not None


def heredoc(parser: Parser) -> Expression:
    """Read a here document; with `<<-` the indentation that all lines share is taken off."""
    match = _HEREDOC.match(parser.text, parser.place)
    if match is None:  # pragma: no cover - `is_heredoc` was asked
        raise Broken("a text has no end", parser.line)
    line = parser.line
    end = re.compile(rf"^[ \t]*{re.escape(match[2])}[ \t]*$", re.MULTILINE).search(parser.text, match.end())
    if end is None:
        raise Broken(f"no line ends the text with {match[2]}", line)
    parser.place = match.end()
    parts: list[str | Expression] = []
    while parser.place < end.start():
        plain = _BEFORE_HOLE.match(parser.text, parser.place, end.start())
        if plain is not None:
            parts.append(plain[0])
            parser.place = plain.end()
        if parser.place < end.start():
            _hole(parser, parts)
    parser.place = end.end()
    return _joined(_outdented(parts) if match[1] else parts, line + 1)


def _outdented(parts: list[str | Expression]) -> list[str | Expression]:
    text = "".join(part if isinstance(part, str) else "\0" for part in parts)
    margins = [len(row) - len(row.lstrip(" \t")) for row in text.split("\n") if row.strip()]
    least = min(margins, default=0)
    if not least:
        return parts
    found: list[str | Expression] = []
    is_start = True
    for part in parts:
        if isinstance(part, str):
            rows = part.split("\n")
            first = rows[0][least:] if is_start else rows[0]
            found.append("\n".join([first, *(row[least:] for row in rows[1:])]))
            is_start = part.endswith("\n")
        else:
            found.append(part)
            is_start = False
    return found


def _joined(parts: list[str | Expression], line: int) -> Expression:
    if all(isinstance(part, str) for part in parts):
        return Literal("".join(str(part) for part in parts), line)
    return Template(tuple(parts), line)
