"""Reads Dockerfiles into instructions with the line of each part.

Dockerfile reference, syntax 1.x: parser directives, line continuation with
comments in between, here-documents, flags, JSON form.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy.interpolation import fill
from batten.understand.deploy.reading import Piece, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.deploy.interpolation import Lookup

_DIRECTIVE = re.compile(r"#[ \t]*([A-Za-z]\w*)[ \t]*=[ \t]*(\S+)[ \t]*")
_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)(?:\s+(.*))?", re.DOTALL)
_FLAG = re.compile(r"--([a-z][\w-]*)(?:=(\S*))?(?:\s+|\Z)")
_HEREDOC = re.compile(r"""<<(-?)(["']?)([A-Za-z_]\w*)\2""")
_WITH_HEREDOCS = ("RUN", "COPY", "ADD")
_PARTS = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|(?:\\.|[^'"\\])+|.""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document: its name, text and first line."""

    name: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, its continued lines joined."""

    name: str
    text: str
    """Its arguments, without flags."""
    line: int
    flags: tuple[tuple[str, str], ...] = ()
    breaks: tuple[tuple[int, int], ...] = ()
    """Offset in `text` to the line that starts there."""
    heredocs: tuple[Heredoc, ...] = ()

    def line_at(self, offset: int) -> int:
        """Return the line that wrote the character at an offset of the text."""
        position = bisect_right(self.breaks, (offset, 1 << 60)) - 1
        return self.breaks[position][1] if position >= 0 else self.line

    def flag(self, name: str) -> str | None:
        """Return a flag's value, None when it is not given."""
        return dict(self.flags).get(name)


def parse(text: str) -> list[Instruction]:
    """Return the instructions of a Dockerfile; what is none is passed over."""
    return list(_instructions(text.split("\n")))


def _escape_character(lines: Sequence[str]) -> str:
    for line in lines:
        match = _DIRECTIVE.fullmatch(line)
        if match is None:
            break
        if match[1].lower() == "escape" and match[2] in "`\\":
            return match[2]
    return "\\"


def _instructions(lines: list[str]) -> Iterator[Instruction]:
    continued = re.compile(re.escape(_escape_character(lines)) + r"[ \t]*\Z")
    at = 0
    while at < len(lines):
        first = at
        if not lines[at].strip() or lines[at].lstrip().startswith("#"):
            at += 1
            continue
        joined, starts, length = list[str](), list[tuple[int, int]](), 0
        while at < len(lines):
            line = lines[at]
            at += 1
            if joined and (not line.strip() or line.lstrip().startswith("#")):
                continue  # comments and empty lines do not end a continued instruction
            cut = continued.sub("", line)
            starts.append((length, at))
            joined.append(cut)
            length += len(cut)
            if cut == line:
                break
        match = _INSTRUCTION.match("".join(joined))
        if match is not None:
            instruction, at = _built(match, first + 1, starts, lines, at)
            yield instruction


def _built(
    match: re.Match[str], line: int, starts: list[tuple[int, int]], lines: list[str], at: int
) -> tuple[Instruction, int]:
    name, text = match[1].upper(), match[2] or ""
    offset = match.start(2) if match[2] is not None else 0
    flags: list[tuple[str, str]] = []
    begins = 0
    while flag := _FLAG.match(text, begins):
        flags.append((flag[1], flag[2] or ""))
        begins = flag.end()
    text = text[begins:]
    offset += begins
    heredocs: list[Heredoc] = []
    for found in _HEREDOC.finditer(text) if name in _WITH_HEREDOCS else ():
        begin, body = at, list[str]()
        while at < len(lines):
            row = lines[at].lstrip("\t") if found[1] else lines[at]
            at += 1
            if row == found[3]:
                break
            body.append(row)
        heredocs.append(Heredoc(found[3], "\n".join(body), begin + 1))
    breaks = tuple((max(start - offset, 0), number) for start, number in starts)
    text = text.rstrip()
    return Instruction(name, text, line, tuple(flags), breaks, tuple(heredocs)), at


def pairs(instruction: Instruction) -> list[tuple[str, str, int]]:
    """Return name, value as written and line of each variable of `ENV` or `ARG`."""
    text = instruction.text
    words = list(_split(text))
    if instruction.name == "ENV" and words and "=" not in words[0][0]:
        name, offset = words[0]
        value = text[offset + len(name) :].strip()
        return [(name, value, instruction.line_at(offset))] if value else []
    found = []
    for word, offset in words:
        name, equals, value = word.partition("=")
        if equals or instruction.name == "ARG":
            found.append((name.strip("\"'"), value if equals else "\0", instruction.line_at(offset)))
    return found


def _split(text: str) -> Iterator[tuple[str, int]]:
    """Yield words and their offsets; quotes and backslashes keep spaces inside."""
    for match in re.finditer(r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|\S)+""", text, re.DOTALL):
        yield match.group(), match.start()


def filled(value: str, lookup: Lookup) -> Piece:
    """Return a value without its quotes and with its variables filled in."""
    texts: list[str] = []
    default = False
    for part in _PARTS.findall(value):
        if part[0] == "'" and len(part) > 1:
            texts.append(part[1:-1])
            continue
        inner = part[1:-1] if part[0] == '"' and len(part) > 1 else part
        piece = fill(inner, lookup)
        if piece.text is None:
            return piece
        default = default or piece.default
        texts.append(re.sub(r"\\(.)", r"\1", piece.text) if "\\" in inner else piece.text)
    return Piece("".join(texts), default)


def arguments(instruction: Instruction) -> list[str]:
    """Return the arguments of `COPY` or `ADD`, in JSON form or as words."""
    listed = _json(instruction.text)
    if listed is not None:
        return listed
    return [re.sub(r"""["']""", "", word) for word, _ in _split(instruction.text)]


def _json(text: str) -> list[str] | None:
    if not text.startswith("["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and all(isinstance(x, str) for x in found) else None


def process(instruction: Instruction, path: str) -> tuple[tuple[Word, ...], bool]:
    """Return the words of `CMD` or `ENTRYPOINT`, and whether a shell runs them."""
    listed = _json(instruction.text)
    at = Location(file=path, line=instruction.line)
    if listed is None:
        text = instruction.text
        return (Word("/bin/sh", at), Word("-c", at), Word(text, at)) if text else (), True
    words, offset = [], 0
    for text in listed:
        found = instruction.text.find(json.dumps(text, ensure_ascii=False), offset)
        offset = max(found, offset)
        words.append(Word(text, Location(file=path, line=instruction.line_at(offset))))
    return tuple(words), False
