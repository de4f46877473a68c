"""Listings of directories, as servers write them: what proves one, and the names in it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from batten.model.data import dataclass
from batten.understand.answers.page import tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer

_WELL = 200
_TITLE = re.compile(
    r"<title>\s*(?:(Index of|Directory listing for|Listing of)\s+)?([^<\n]{1,300}?)\s*</title>", re.IGNORECASE
)
_HEADING = re.compile(r"<h1[^>]*>\s*(?:Index of|Directory listing for|Listing of)\b", re.IGNORECASE)
_CADDY = re.compile(
    r"Served with\s*<a[^>]*caddyserver\.com|<meta name=\"?generator\"?[^>]*Caddy|caddyserver\.com[^>]*>", re.IGNORECASE
)
_READ_CHARACTERS = 64 * 1024
_MOST_NAMES = 500


@dataclass(frozen=True, slots=True)
class SeenListing:
    """A directory whose files a visitor is shown."""

    answer: Answer
    names: tuple[str, ...]


def is_listing(answer: Answer) -> bool:
    """Return whether an answer is a server's own listing of the directory that was asked for.

    nginx 1.22 `autoindex`, Apache 2.4 `mod_autoindex`, lighttpd, Python 3.11
    `http.server`, aiohttp 3 `show_index`, Django 5 `static.serve`: title and
    heading name the directory. Caddy 2 `file_server browse` names itself.
    """
    if answer.status != _WELL or not (answer.media_type or "text/html").startswith("text/html"):
        return False
    text = answer.text[:_READ_CHARACTERS]
    title = _TITLE.search(text)
    if title is None:
        return False
    if not title[1]:
        return _CADDY.search(text) is not None and _is_same(answer.url, title[2]) and bool(listed_in(answer))
    return _HEADING.search(text) is not None and (_is_same(answer.url, title[2]) or bool(listed_in(answer)))


def listed(answer: Answer) -> tuple[str, ...]:
    """Return the names in a listing, without those of folders above; nothing where it is none."""
    return listed_in(answer) if is_listing(answer) else ()


def listed_in(answer: Answer) -> tuple[str, ...]:
    """Return the names of what stands in the same folder, as far as a page links to it."""
    return tuple(dict.fromkeys(_names(answer)))[:_MOST_NAMES]


def _names(answer: Answer) -> Iterator[str]:
    here = urlsplit(answer.url)
    folder = here.path if here.path.endswith("/") else here.path + "/"
    for tag in tags(answer.text):
        written = tag.get("href") if tag.name == "a" else None
        if not written or written.startswith(("?", "#")):
            continue
        try:
            there = urlsplit(urljoin(answer.url, written))
        except ValueError:
            continue
        if there.netloc == here.netloc and there.path.startswith(folder):
            name = unquote(there.path.removeprefix(folder))
            if name and "/" not in name.rstrip("/"):
                yield name


def _is_same(url: str, titled: str) -> bool:
    """Return whether a title names the directory of an address."""
    asked = unquote(urlsplit(url).path).strip("/")
    named = html.unescape(titled).split(" ")[0].strip("/").removesuffix(".").strip("/")
    return asked == named or asked.endswith(f"/{named}") or not named
