"""An API that describes itself: what proves the description, and the addresses that it names."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from batten.understand.answers.links import may_change
from batten.understand.exposures.proofs import Proved, beginning, is_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.answers.http import Answer

_VERSION = re.compile(r"[\"']?(openapi|swagger)[\"']?\s*:\s*[\"']?(\d\.\d(?:\.\d+)?)\b")
_PATHS = re.compile(r"(?:^|[\s{,])[\"']?paths[\"']?\s*:")
_READ_PATHS = re.compile(r"\"(/[^\"\s]{0,200})\"\s*:\s*\{\s*\"get\"\s*:")
_MOST = 40
_VALUE = "1"
"""Stands for each parameter: a number and a text alike."""


def described(answer: Answer) -> Proved | None:
    """Return the proof that an answer is an OpenAPI or Swagger document, as JSON or YAML.

    Of one that is longer than what is read the beginning has to do.
    """
    if not is_file(answer):
        return None
    text = beginning(answer)
    if text.lstrip()[:1] == "{":
        held = _json(answer)
        if held is None:
            match = _VERSION.search(text) if answer.cut else None
            return Proved(f"{match[1]} {match[2]}") if match and _PATHS.search(text) else None
        for name in ("openapi", "swagger"):
            version = held.get(name)
            if isinstance(version, str) and isinstance(held.get("paths"), dict):
                return Proved(f"{name} {version[:10]}")
        return None
    match = _VERSION.match(text.lstrip())
    return Proved(f"{match[1]} {match[2]}") if match and re.search(r"^paths:", text, re.MULTILINE) else None


def addresses(answer: Answer) -> Iterator[str]:
    """Yield the addresses of its own origin that an API's description lets a visitor get, parameters filled in."""
    held = _json(answer)
    if held is None:
        found: list[tuple[str, dict[str, object]]] = [
            (path, {}) for path in dict.fromkeys(_READ_PATHS.findall(beginning(answer)))
        ]
    else:
        paths = held.get("paths")
        found = [(p, item) for p, item in paths.items() if isinstance(item, dict)] if isinstance(paths, dict) else []
        found = [(path, item) for path, item in found if isinstance(item.get("get"), dict)]
    base = _base(held or {}, answer.url)
    for path, item in found[:_MOST]:
        url = _filled(base + str(path), _parameters(held or {}, item))
        if urlsplit(url)[:2] == urlsplit(answer.url)[:2] and not may_change(url):
            yield url


def _json(answer: Answer) -> Mapping[str, object] | None:
    try:
        held = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None


def _base(held: Mapping[str, object], url: str) -> str:
    """Return what the paths stand below: `servers` of OpenAPI 3, `basePath` of Swagger 2."""
    servers = held.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else None
    named = first.get("url") if isinstance(first, dict) else held.get("basePath")
    try:
        return urljoin(url, named if isinstance(named, str) and named else "/").rstrip("/")
    except ValueError:
        return urljoin(url, "/").rstrip("/")


def _parameters(held: Mapping[str, object], item: Mapping[str, object]) -> list[str]:
    """Return the names of the parameters that stand in the query."""
    asked = item.get("get")
    both = [item.get("parameters"), asked.get("parameters") if isinstance(asked, dict) else None]
    found = [_resolved(held, one) for several in both if isinstance(several, list) for one in several]
    return [str(one["name"]) for one in found if one.get("in") == "query" and one.get("name")]


def _resolved(held: Mapping[str, object], one: object) -> Mapping[str, object]:
    """Return a parameter, looked up where it is only a reference."""
    if not isinstance(one, dict):
        return {}
    there = one.get("$ref")
    if not isinstance(there, str):
        return one
    node: object = held
    for name in there.removeprefix("#/").split("/"):
        node = node.get(name) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def _filled(url: str, query: list[str]) -> str:
    filled = re.sub(r"\{[^{}/]*\}", _VALUE, url)
    return f"{filled}?{urlencode([(name, _VALUE) for name in query])}" if query else filled
