"""Where the value of a variable comes from: the request, its path, a pattern's group, a fixed text."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from batten.understand.nginx.charsets import may_hold
from batten.understand.nginx.locations import REGEX, kind_of, pattern_of
from batten.understand.nginx.rewriting import condition
from batten.understand.nginx.values import is_from_visitor, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.nginx.scopes import Scope
    from batten.understand.nginx.syntax import Directive

_DEEPEST = 8
_MOST = 64
"""Things that one text is made of."""
_LONGEST = 2000
_PATHS = frozenset({"uri", "document_uri"})
"""Decoded: what a visitor writes as `%0a` is a new line in them (nginx 1.22 `ngx_http_parse_complex_uri`)."""
_HOSTS = frozenset({"host", "http_host"})


class Source(NamedTuple):
    """One thing that a variable's value is made of."""

    kind: str
    """`path` (decoded), `visitor` (as sent), `host`, `text` (fixed), `unknown`."""
    name: str
    """The variable, or the text."""
    pattern: str = ""
    group: str = ""
    """Where it is a pattern's group: the pattern, and the group."""

    def may_hold(self, chars: str) -> bool:
        """Return whether one of the characters may be in it; False where that is not known."""
        if self.kind == "unknown":
            return False
        if self.kind == "text":
            return any(char in self.name for char in chars)
        by_kind = self.kind == "path" or any(char not in "\r\n" for char in chars)
        if self.name == "request_uri" and not self.pattern:
            by_kind = any(char not in "\r\n" for char in chars)
        if not self.pattern or not by_kind:
            return by_kind
        return bool(may_hold(self.pattern, self.group, chars))


def sources(scope: Scope, text: str, before: Directive | None = None, depth: int = 0) -> Iterator[Source]:
    """Return what the variables of a text are made of, in a block; the first of very many."""
    return islice((source for name in names(text) for source in _of(scope, name, before, depth)), _MOST)


def _of(scope: Scope, name: str, before: Directive | None, depth: int) -> Iterator[Source]:
    if depth > _DEEPEST:
        yield Source("unknown", name)
        return
    captured = list(_captured(scope, name, before))
    if captured:
        yield from captured[:1]
        return
    told = _set(scope, name)
    if told is not None:
        found = list(sources(scope, told.args[1], told, depth + 1))
        yield from found or [Source("text", told.args[1])]
        return
    mapped = list(_mapped(scope, name, depth))
    if mapped:
        yield from mapped
    elif name in _PATHS:
        yield Source("path", name)
    elif name in _HOSTS:
        yield Source("host", name)
    elif is_from_visitor(name):
        yield Source("visitor", name)
    else:
        yield Source("unknown", name)


def spelt_out(scope: Scope, text: str) -> str:
    """Return a text with the variables that `set` gives, in their place; those of the request stay as they are."""
    for _ in range(_DEEPEST):
        told = {name: one.args[1] for name in names(text) if (one := _set(scope, name)) is not None}
        if not told:
            break
        for name, value in told.items():
            literal = value.replace("\\", r"\\")
            text = re.sub(rf"\$(?:\{{{name}\}}|{name}\b)", literal, text)[:_LONGEST]
    return text


def _set(scope: Scope, name: str) -> Directive | None:
    for around in scope.chain():
        for one in reversed(around.own):
            if one.name == "set" and len(one.args) == 2 and one.first.lstrip("$") == name:  # noqa: PLR2004 - name, value
                return one
    return None


def _mapped(scope: Scope, name: str, depth: int) -> Iterator[Source]:
    """Yield what a `map` or `geo` of http gives: its own texts, or what it passes on."""
    *_, http = scope.chain()
    texts: set[str] = set()
    for one in http.here("map", "geo", "split_clients"):
        if not one.args or one.args[-1].lstrip("$") != name:
            continue
        for row in one.block or ():
            if row.name in ("hostnames", "volatile", "include") or not row.args:
                continue
            groups = [name for name in names(row.first) if name.isdigit()] if row.name.startswith("~") else []
            if groups:
                subject = next(sources(http, one.first, None, depth + 1), Source("unknown", one.first))
                yield from (subject._replace(pattern=row.name.lstrip("~*"), group=group) for group in groups)
            elif row.name != "default" and set(names(row.first)) & set(names(one.first)):
                yield Source("text", row.name)  # what was looked up, and found in the list
            elif row.first not in texts:
                texts.add(row.first)
                yield from list(sources(http, row.first, None, depth + 1)) or [Source("text", row.first)]


def _captured(scope: Scope, name: str, before: Directive | None) -> Iterator[Source]:
    """Yield the groups of patterns that a numbered or named variable may be of, the nearest first."""
    if not name.isdigit() and not any(f"?<{name}>" in p or f"?P<{name}>" in p for p in _all_patterns(scope)):
        return
    for around in scope.chain():
        for pattern, subject in reversed(list(_matches(around, before))):
            if name.isdigit() or f"<{name}>" in pattern:
                yield subject._replace(pattern=pattern, group=name)
        if around.kind == "location" and kind_of(around) == REGEX:
            pattern = pattern_of(around)
            if name.isdigit() or f"<{name}>" in pattern:
                yield Source("path", "uri", pattern, name)
        if around.kind == "server":
            for text in (word for one in around.here("server_name") for word in one.args if word.startswith("~")):
                if f"<{name}>" in text or (name.isdigit() and "(" in text):
                    yield Source("host", "host", text[1:], name)


def _matches(scope: Scope, before: Directive | None) -> Iterator[tuple[str, Source]]:
    """Yield the patterns that a block tries before a directive, with what each is tried on."""
    if scope.kind == "if" and scope.directive is not None:
        words = condition(scope.directive)
        if len(words) > 2 and "~" in words[1]:  # noqa: PLR2004 - a subject, an operator, a pattern
            subject = next(iter(sources(scope.outer or scope, words[0], scope.directive, 1)), None)
            yield " ".join(words[2:]), subject or Source("unknown", words[0])
    for one in scope.own:
        if one is before and one.name != "rewrite":
            return
        if one.name == "rewrite" and len(one.args) > 1:
            yield one.first, Source("path", "uri")
        if one is before:
            return


def _all_patterns(scope: Scope) -> Iterator[str]:
    for around in scope.chain():
        if around.directive is not None:
            yield from around.directive.args
        for one in around.here("rewrite", "server_name"):
            yield from one.args


def fixed_start(text: str) -> str:
    """Return what a text begins with before its first variable."""
    return re.split(r"\$", text, maxsplit=1)[0]
