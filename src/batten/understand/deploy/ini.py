"""Reads sections of `KEY=value` lines, with their numbers: systemd units, supervisor, uWSGI, PasteDeploy."""

from __future__ import annotations

import re

from batten.model.data import dataclass

_SECTION = re.compile(r"\s*\[([^\]]+)\]\s*(?:[;#].*)?")
_COMMENT = re.compile(r"\s[;#].*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a section; names may be repeated."""

    name: str
    value: str
    line: int
    file: str = ""
    """Where it is written, when another file adds to the section."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its entries in order."""

    name: str
    line: int
    entries: tuple[Entry, ...]

    def last(self, name: str) -> str:
        """Return the last value of a name, empty when there is none."""
        return next((e.value for e in reversed(self.entries) if e.name == name), "")

    def every(self, name: str) -> list[Entry]:
        """Return the entries of a name, as systemd counts them: an empty one starts afresh."""
        found: list[Entry] = []
        for entry in self.entries:
            if entry.name == name and entry.value:
                found.append(entry)
            elif entry.name == name:
                found.clear()
        return found


def parse(text: str, *, style: str) -> list[Section]:
    """Return the sections of a file.

    `style` is `systemd` (a backslash continues a line), `supervisor` (an
    indented line continues the one before, ` ;` and ` #` begin a comment), `paste`
    (an indented line is a further line of the value) or `uwsgi`.
    """
    found: list[tuple[str, int, list[Entry]]] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        while style == "systemd" and line.endswith("\\") and at < len(lines):
            if lines[at].lstrip()[:1] not in ("#", ";"):
                line = f"{line[:-1].rstrip()} {lines[at].strip()}"
            else:
                line = f"{line[:-1]}\\"
            at += 1
        line = _COMMENT.sub("", line, count=1) if style == "supervisor" else line
        while style in {"supervisor", "paste"} and at < len(lines) and re.match(r"[ \t]+\S", lines[at]):
            if lines[at].lstrip()[0] not in "#;":
                more = _COMMENT.sub("", lines[at], count=1) if style == "supervisor" else lines[at]
                line = f"{line}{chr(10) if style == 'paste' else ' '}{more.strip()}"
            at += 1
        section = _SECTION.fullmatch(line)
        if section is not None:
            found.append((section[1].strip(), number, []))
            continue
        name, mark, value = line.partition("=")
        if style in {"supervisor", "paste"} and ":" in name:
            name, mark, value = line.partition(":")
        if mark and name.strip() and found:
            value = value.strip(" \t") if style == "paste" else value.strip()
            found[-1][2].append(Entry(name.strip(), value, number))
    return [Section(name, line, tuple(entries)) for name, line, entries in found]
