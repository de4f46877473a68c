"""What templates of the project say themselves: where escaping ends, forms that send no token, Django's debug tag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.assumed import set_aside
from batten.understand.code_subjects import BareForm, DebugTag, UnescapedBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.sources import Sources

MOST_FILES = 1_000
_SUFFIXES = (".html", ".htm", ".xhtml", ".djhtml", ".jinja", ".jinja2", ".j2")
_OFF = re.compile(r"\{%-?\s*autoescape\s+(?:off|[Ff]alse)\s*-?%\}(.*?)(?:\{%-?\s*endautoescape\b|\Z)", re.DOTALL)
_MAIL = re.compile(r"(?:^|[/_.-])(?:e?-?mails?|subject)[/_.-]", re.IGNORECASE)
"""Paths of templates for mails, which are often plain text whatever they are called."""
_PUT = re.compile(r"\{\{(.*?)\}\}|\{%-?\s*(?:include|block)\b", re.DOTALL)
_ESCAPED = re.compile(r"\|\s*(?:e|escape|force_escape|forceescape|escapejs|tojson|urlencode|safe)\s*-?$")
"""What a value that is put in may end with: it is escaped after all, or would not be anyway."""
_FORM = re.compile(
    r"(<form\b(?:[^>{]|\{[{%][^{}]*[}%]\}|\{(?![{%]))*+>).*?(?:</form\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_POST = re.compile(r"\bmethod\s*=\s*[\"']?\s*post\b", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\baction\s*=\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)
_TOKEN = re.compile(r"csrf|hidden_tag|\{%-?\s*(?:crispy|include|block)\b", re.IGNORECASE)
"""What puts the token into a form, or may."""
_DEBUG = re.compile(r"\{%\s*debug\s*%\}")
_COMMENT = re.compile(
    r"\{#.*?#\}|<!--.*?-->|\{%-?\s*comment\b.*?\{%-?\s*endcomment\b.*?%\}|"
    r"\{%-?\s*(?:verbatim|raw)\b.*?\{%-?\s*end(?:verbatim|raw)\b.*?%\}",
    re.DOTALL,
)


def marks(sources: Sources) -> Iterator[UnescapedBlock | BareForm | DebugTag]:
    """Yield what the templates of the project say; `BareForm` and `DebugTag` mean something to Django only."""
    found = [path for path in sources.files() if path.endswith(_SUFFIXES) and not set_aside(path)]
    for path in found[:MOST_FILES]:
        text = sources.read(path) or ""
        if "{%" in text or "<form" in text.lower():
            yield from _marks(path, _COMMENT.sub(lambda gone: re.sub(r"[^\n]", " ", gone[0]), text))


def _marks(path: str, text: str) -> Iterator[UnescapedBlock | BareForm | DebugTag]:
    def at(position: int) -> Location:
        return Location(file=path, line=text.count("\n", 0, position) + 1)

    for block in _OFF.finditer(text) if not _MAIL.search(path) else ():
        if any(put[1] is None or not _ESCAPED.search(put[1].rstrip()) for put in _PUT.finditer(block[1])):
            yield UnescapedBlock(path, at(block.start()))
    for tag in _DEBUG.finditer(text):
        yield DebugTag(path, at(tag.start()))
    for form in _FORM.finditer(text):
        if _POST.search(form[1]) and not _ELSEWHERE.search(form[1]) and not _TOKEN.search(form[0]):
            yield BareForm(path, at(form.start()))
