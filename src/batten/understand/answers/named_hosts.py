"""Where an answer leads to the host that the visitor named: links, forms, redirects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.model.data import dataclass
from batten.understand.answers.addresses import web_host
from batten.understand.answers.page import tags
from batten.understand.answers.shown import is_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer

_LEADING = ("href", "src", "action", "formaction", "content")
"""Attributes that lead somewhere; `content` is that of a refresh or of `og:url`."""
_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>\\]{1,500}", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*\d+\s*;\s*url\s*=\s*['\"]?", re.IGNORECASE)
_READ = 512 * 1024
_LONGEST = 2000
_FAILED = 400


@dataclass(frozen=True, slots=True)
class NamedHost:
    """The landing page, got by a visitor who named a host that is nobody's."""

    name: str
    answer: Answer

    @property
    def redirect(self) -> str:
        """Where a redirect leads by that name; empty where it does not, or only goes on to https."""
        location = self.answer.first("location") or ""
        if not self.answer.is_redirect or not _is_of(location, self.name) or _is_upgrade(location, self.answer.url):
            return ""
        return location

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses of links, forms and files by that name, each once, in order; absolute ones alone."""
        if self.answer.status >= _FAILED:
            return ()  # a page that says that there is no such host
        return tuple(dict.fromkeys(url for url in _urls(self.answer) if _is_of(url, self.name)))


def _urls(answer: Answer) -> Iterator[str]:
    text = answer.text[:_READ]
    if is_page(answer):
        written = (_REFRESH.sub("", tag.get(name) or "") for tag in tags(text) for name in _LEADING)
        yield from (found[0] for one in written if (found := _ADDRESS.match(one[:_LONGEST].strip())))
    elif (answer.media_type or "").endswith("json"):
        yield from _ADDRESS.findall(text.replace("\\/", "/"))


def _is_of(url: str, name: str) -> bool:
    host = web_host(f"https:{url}" if url.startswith("//") else url)
    return host is not None and host.name == name


def _is_upgrade(location: str, asked: str) -> bool:
    """Return whether a redirect only changes http to https, which tells no visitor of another name."""
    there, here = urlsplit(location), urlsplit(asked)
    return (there.scheme, here.scheme) == ("https", "http") and (there.path or "/") == (here.path or "/")
