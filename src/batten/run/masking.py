"""Keeps secrets out of the report: in values, in evidence, and in the source lines that are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.judge import Ignore
from batten.model import Evidence, Value, mask as masked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.model import Finding, Location
    from batten.understand.subjects import App

_SHORTEST = 3
_NAMED = re.compile(
    r"(?i)\b([\w.-]*(?:secret|passw(?:or)?d|token|api_?key|private_?key|salt|credential)[\w.-]*)"
    r"([\"']?\]?\s*[:=]\s*)([\"']?)([^\"'\s,;)}]{3,})"
)
"""A name that usually holds a secret, and what is written after it."""
_LOGIN = re.compile(r"(://[^\s:/@\"']*:)([^\s@/\"']+)(@)")
_HARMLESS = re.compile(
    r"(?i)^(os\.|env|getenv|config|settings|none|true|false|app\.|self\.|secrets\.|str\(|\$\{|\w+\(|\w+\.\w+)"
)
SECRET_NAME = re.compile(r"(?i)secret|passw|token|api_?key|private_?key|salt|credential")


class Masks:
    """The secrets of one report, and how each thing looks without them."""

    def __init__(self, apps: Sequence[App], findings: Sequence[Finding]) -> None:
        """Gather every secret text that evaluation came across."""
        texts: set[str] = set()
        for app in apps:
            for name, value in app.settings.items():
                if value.secret or SECRET_NAME.search(name):
                    _gather(value, texts)
            for key in app.keys:
                _gather(key.value, texts)
            for credential in app.credentials:
                for case in credential.value.cases():
                    texts.update(m[2] for m in _LOGIN.finditer(str(case.value)))
            for name, variable in app.unit.env.items():
                if SECRET_NAME.search(name) and variable.value:
                    texts.add(variable.value)
        texts |= {finding.proof for finding in findings if finding.secret}
        self._texts = sorted((t for t in texts if len(t) >= _SHORTEST), key=len, reverse=True)
        told = "|".join(re.escape(text) for text in self._texts)
        # A short secret is often a word of its own; it is hidden only where a value can stand.
        self._pattern = re.compile(rf"(?<=[\"'=:/ @])(?:{told})(?=[\"'@\s,;)\]}}/?]|$)") if told else None

    def line(self, text: str) -> str:
        """Return a source line without its secrets."""
        if self._pattern is not None:
            text = self._pattern.sub(lambda m: _stars(m[0]), text)
        text = _LOGIN.sub(lambda m: f"{m[1]}***{m[3]}", text)
        return _NAMED.sub(self._named, text)

    def _named(self, match: re.Match[str]) -> str:
        name, between, quote, value = match.groups()
        if not quote and _HARMLESS.match(value):
            return match[0]
        return f"{name}{between}{quote}{_stars(value)}"

    def evidence(self, seen: Evidence, read: Callable[[str], str | None]) -> Evidence:
        """Return evidence with its source line, without secrets."""
        value = seen.value
        if value is not None and not seen.secret:
            value = self._value(value)
        return replace(seen, value=value, source=self._source(seen, read))

    def _value(self, value: str) -> str:
        for secret in self._texts:
            if secret in value:
                value = masked(value) if secret == value.strip("'\"") else value.replace(secret, _stars(secret))
        return _LOGIN.sub(lambda m: f"{m[1]}***{m[3]}", value)

    def _source(self, seen: Evidence, read: Callable[[str], str | None]) -> str | None:
        at = seen.at
        if at.file is None or at.line is None:
            return None
        lines = (read(at.file) or "").split("\n")
        return self.line(lines[at.line - 1]) if 0 < at.line <= len(lines) else None

    def finding(self, finding: Finding, read: Callable[[str], str | None]) -> Finding:
        """Return a finding whose evidence shows the source lines, without secrets."""
        trace = finding.evidence
        if not any((e.at.file, e.at.line) == (finding.at.file, finding.at.line) for e in trace):
            trace = (Evidence(finding.at, "here"), *trace)
        if finding.secret:
            trace = tuple(e.hidden() for e in trace)
        shown = tuple(self.evidence(replace(e, at=counted(e.at, read)), read) for e in trace)
        fix = finding.fix
        if fix is not None and fix.edits:
            fix = replace(fix, edits=tuple(replace(edit, at=counted(edit.at, read)) for edit in fix.edits))
        return replace(finding, at=counted(finding.at, read), evidence=shown, fix=fix)

    def value(self, value: Value) -> Value:
        """Return a setting's value without secrets, those inside other values (a DSN's password) too."""
        if value.secret or not any(self._holds(case.value) for case in value.cases()):
            seen = tuple(replace(e, value=None if e.value is None else self._value(e.value)) for e in value.evidence)
            return replace(value, evidence=seen)
        return value.hidden()

    def _holds(self, value: object) -> bool:
        text = str(value)
        return any(secret in text for secret in self._texts) or bool(_LOGIN.search(text))


def counted(at: Location, read: Callable[[str], str | None]) -> Location:
    """Return a place of Python source with its columns counted in characters; `ast` counts UTF-8 bytes."""
    if at.file is None or at.line is None or not at.column or not at.file.endswith(".py"):
        return at
    lines = (read(at.file) or "").split("\n")
    if at.line > len(lines) or lines[at.line - 1].isascii():
        return at
    column = _characters(lines[at.line - 1], at.column)
    last = lines[at.end_line - 1] if at.end_line and at.end_line <= len(lines) else ""
    end = _characters(last, at.end_column) if at.end_column and last else at.end_column
    return replace(at, column=column, end_column=end)


def _characters(line: str, column: int) -> int:
    return len(line.encode()[: column - 1].decode(errors="ignore")) + 1


def _gather(value: Value, texts: set[str]) -> None:
    for case in value.cases():
        if isinstance(case.value, str):
            texts.add(case.value)
        elif isinstance(case.value, bytes):
            texts.add(case.value.decode("latin-1"))


def _stars(secret: str) -> str:
    """Return a mask of the same length, so that columns still fit."""
    return "*" * len(secret)


__all__ = ["Ignore", "Masks"]
