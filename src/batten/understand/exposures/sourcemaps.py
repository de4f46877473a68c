"""Maps from a served script back to its source: where a script says that one is, and what proves it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from batten.understand.exposures.proofs import beginning, is_file

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer

_WELL = frozenset({200, 206})
_NAMES = re.compile(rb"(?://|/\*)[#@]\s*sourceMappingURL=([^\s'\"*]{1,500})")
_PUBLIC = re.compile(
    r"(?i)(?:^|[/._-])(?:bootstrap|jquery|popper|vue|react|angular|htmx|alpine|d3|chart|moment|lodash|underscore|select2|"
    r"datatables|swagger|redoc|graphiql|fontawesome|tailwind|axios|leaflet|codemirror|tinymce|ckeditor|highlight|prism|"
    r"mathjax|katex|plotly|polyfills?|vendors?)(?:[/._-]|$)"
)
"""Scripts whose source everybody has."""
_LIBRARY = re.compile(r"node_modules|^webpack/|\(webpack\)|^\x00|external ")


def map_of(script: Answer) -> str:
    """Return the address of the map that the end of a script names; empty without one, or where it is within."""
    if script.status not in _WELL or is_public(script.url):
        return ""
    named = script.first("sourcemap") or script.first("x-sourcemap") or ""
    found = _NAMES.findall(script.body)
    if found:
        named = found[-1].decode("latin-1")
    if not named or named.startswith("data:"):
        return ""
    try:
        url = urljoin(script.url, named)
        is_own = urlsplit(url)[:2] == urlsplit(script.url)[:2]
    except ValueError:
        return ""
    return url if is_own else ""


def is_public(url: str) -> bool:
    """Return whether a script is a library's by its name: its source is no secret."""
    return _PUBLIC.search(urlsplit(url).path) is not None


def mapped(answer: Answer) -> tuple[int, bool] | None:
    """Return how many own sources a map names and whether it holds their text; None where it is no map of own sources.

    Of a map that is longer than what is read, the beginning has to do.
    """
    if not is_file(answer):
        return None
    try:
        held = json.loads(answer.body.removeprefix(b")]}'\n"))
    except (ValueError, RecursionError):
        return _cut(answer) if answer.cut else None
    if not isinstance(held, dict) or not isinstance(held.get("sources"), list) or "mappings" not in held:
        return None
    contents = held.get("sourcesContent")
    texts = contents if isinstance(contents, list) else []
    own = [n for n, source in enumerate(held["sources"]) if isinstance(source, str) and not _LIBRARY.search(source)]
    return (len(own), any(n < len(texts) and texts[n] for n in own)) if own else None


def _cut(answer: Answer) -> tuple[int, bool] | None:
    text = beginning(answer)
    listed = re.search(r"\"sources\"\s*:\s*\[([^\]]{0,60000})", text)
    if listed is None or not re.search(r"\"version\"\s*:\s*3\b", text):
        return None
    own = [one for one in re.findall(r"\"([^\"]{1,300})\"", listed[1]) if not _LIBRARY.search(one)]
    return (len(own), '"sourcesContent"' in text) if own else None
