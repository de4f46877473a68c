"""Keeps secrets out of the report: in values, in evidence, and in the source lines that are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from batten.judge import Ignore
from batten.model import Evidence, Value, is_secret, mask as masked, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from batten.model import Finding, Location, NotDeployed, Unsure
    from batten.understand.stack import Variable
    from batten.understand.subjects import App

_SHORTEST = 3
_LONG = 8
"""Characters of a secret that is no likely word of ours."""
_RARE = 16
"""Characters of a secret that is hidden even inside a word."""
_DEEPEST = 40
_NAMED = re.compile(
    r"(?i)\b([\w.-]{0,60}(?:secret|passw(?:or)?d|token|api_?key|private_?key|salt|credential)[\w.-]{0,60})"
    r"([\"']?\]?\s*[:=]\s*)([\"']?)([^\"'\s,;)}]{3,})"
)
"""A name that usually holds a secret, and what is written after it."""
_LOGIN = re.compile(r"(://[^\s:/@\"']*:)([^\s@/\"']+)(@)")
_HARMLESS = re.compile(
    r"(?i)^(os\.|env|getenv|config|settings|none|true|false|app\.|self\.|secrets\.|str\(|\$\{|\w+\(|\w+\.\w+)"
)


class Masks:
    """The secrets of one report, and how each thing looks without them."""

    def __init__(
        self,
        apps: Sequence[App],
        findings: Sequence[Finding],
        variables: Iterable[Variable] = (),
        sources: Iterable[str] = (),
        files: Iterable[str] = (),
    ) -> None:
        """Gather every secret text that evaluation came across.

        `variables` are those of the deployments, `sources` the texts of files
        whose secrets are known by the names before them only. A password that
        is what a file or directory among `files` is called stands in every
        path and module name: it is hidden only where a value can stand.
        """
        texts = {one.value for one in variables if one.value and is_secret(one.name)}
        texts.update(match[4] for text in sources for match in _NAMED.finditer(text) if match[3])
        for app in apps:
            for name, value in app.settings.items():
                for case in value.cases():
                    _gather(case.value, texts, secret=value.secret or is_secret(name))
            for key in app.keys:
                for case in key.value.cases():
                    _gather(case.value, texts, secret=True)
            for credential in app.credentials:
                for case in credential.value.cases():
                    texts.update(
                        unquote(m[2]) for m in _LOGIN.finditer(str(case.value)) if not m[1].endswith(f"/{m[2]}:")
                    )
        texts |= {finding.proof for finding in findings if finding.secret}
        self._texts = frozenset(text for text in texts if len(text) >= _SHORTEST)
        longest_first = sorted(self._texts, key=lambda text: (-len(text), text))
        told = "|".join(re.escape(text) for text in longest_first)
        # A short secret is often a word of its own; it is hidden only where a value can stand.
        self._pattern = re.compile(rf"(?<=[\"'=:/ @])(?:{told})(?=[\"'@\s,;)\]}}/?]|$)") if told else None
        held = {part.partition(".")[0] for path in files for part in path.split("/")} if longest_first else set()
        self._names = self._texts & held
        hidden = [text for text in longest_first if text not in self._names]
        self._inside = _pattern(hidden)
        self._long = _pattern([text for text in hidden if len(text) >= _LONG])
        self._rare = _pattern([text for text in hidden if len(text) >= _RARE])

    def line(self, text: str) -> str:
        """Return a source line without its secrets."""
        if self._pattern is not None:
            text = self._pattern.sub(self._stood, text)
        if self._rare is not None:  # a token may stand beside any character
            text = self._rare.sub(lambda m: _stars(m[0]), text)
        text = _LOGIN.sub(lambda m: f"{m[1]}***{m[3]}", text)
        return _NAMED.sub(self._named, text)

    def _stood(self, match: re.Match[str]) -> str:
        is_folder = match[0] in self._names and match.string[match.start() - 1] == "/"
        return match[0] if is_folder else _stars(match[0])

    def _named(self, match: re.Match[str]) -> str:
        name, between, quote, value = match.groups()
        if not quote and _HARMLESS.match(value):
            return match[0]
        return f"{name}{between}{quote}{_stars(value)}"

    def unsure(self, doubt: Unsure) -> Unsure:
        """Return a doubt without secrets: an error message may hold one."""
        return replace(doubt, what=self.said(doubt.what), why=self.said(doubt.why))

    def not_deployed(self, spared: NotDeployed) -> NotDeployed:
        """Return a thing that is not deployed, its code without secrets."""
        return replace(spared, what=self.line(spared.what), why=self.said(spared.why))

    def evidence(self, seen: Evidence, read: Callable[[str], str | None]) -> Evidence:
        """Return evidence with its source line, without secrets."""
        return replace(self.seen(seen), source=self._source(seen, read))

    def _value(self, value: str) -> str:
        """Return a value as Python writes it, without its secrets."""
        if value.strip("'\"") in self._texts:
            return masked(value)
        return _NAMED.sub(self._named, self._text(value))

    def _text(self, text: str) -> str:
        """Return text that a setting holds without its secrets."""
        if self._inside is not None:
            text = self._inside.sub("***", text)
        return _LOGIN.sub(lambda m: f"{m[1]}***{m[3]}", text)

    def said(self, text: str) -> str:
        """Return prose of ours without its secrets; a short one would be found in the middle of a sentence."""
        if self._long is not None:
            text = self._long.sub("***", text)
        return _LOGIN.sub(lambda m: f"{m[1]}***{m[3]}", text)

    def seen(self, seen: Evidence) -> Evidence:
        """Return evidence without secrets, its source line not filled in."""
        value = seen.value if seen.secret or seen.value is None else self._value(seen.value)
        return replace(seen, says=self.said(seen.says), value=value)

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
        why = self.said(value.why)
        if value.secret or self._is_secret(value.value):
            return replace(value.hidden(), why=why)
        data = self._data(value.value)
        veiled = None if data == value.value else data
        return replace(
            value,
            secret=veiled is not None,
            veiled=veiled,
            cases_=tuple(self.value(case) for case in value.cases_),
            evidence=tuple(self.seen(one) for one in value.evidence),
            why=why,
        )

    def _data(self, held: object, depth: int = 0) -> object:
        """Return plain data without the secrets in it; in a dictionary the names of its keys tell more of them."""
        if isinstance(held, str):
            return masked(held) if held in self._texts else self._text(held)
        if isinstance(held, bytes):
            text = held.decode("latin-1")
            return held if text == self._data(text) else masked(text)
        if depth >= _DEEPEST:
            return held
        if isinstance(held, dict):
            return {key: self._item(str(key), item, depth + 1) for key, item in held.items()}
        if isinstance(held, list | tuple | set | frozenset):
            return type(held)(self._data(item, depth + 1) for item in held)
        return held

    def _is_secret(self, held: object) -> bool:
        text = held.decode("latin-1") if isinstance(held, bytes) else held
        return isinstance(text, str) and text in self._texts

    def _item(self, key: str, held: object, depth: int) -> object:
        if is_secret(key) and held and isinstance(held, str | bytes | int | float) and held is not True:
            return shown(held, secret=True)
        return self._data(held, depth)


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


def _gather(held: object, texts: set[str], *, secret: bool, depth: int = 0) -> None:
    """Add the secret texts of plain data; in a dictionary the names of its keys tell what is secret."""
    if isinstance(held, str):
        if secret:
            texts.add(held)
    elif isinstance(held, bytes):
        if secret:
            texts.add(held.decode("latin-1"))
    elif depth >= _DEEPEST:
        return
    elif isinstance(held, dict):
        for key, item in held.items():
            _gather(item, texts, secret=secret or is_secret(str(key)), depth=depth + 1)
    elif isinstance(held, list | tuple | set | frozenset):
        for item in held:
            _gather(item, texts, secret=secret, depth=depth + 1)


def _pattern(secrets: Sequence[str]) -> re.Pattern[str] | None:
    """Return a pattern of secrets inside other text; a short one is found only as a word of its own."""
    each = (re.escape(one) if len(one) >= _RARE else rf"(?<!\w){re.escape(one)}(?!\w)" for one in secrets)
    return re.compile("|".join(each)) if secrets else None


def _stars(secret: str) -> str:
    """Return a mask of the same length, so that columns still fit."""
    return "*" * len(secret)


__all__ = ["Ignore", "Masks"]
