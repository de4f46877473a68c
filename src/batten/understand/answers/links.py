"""Where a page leads: its links, forms and assets, as a visitor of the same site can follow them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from batten.model.data import dataclass
from batten.understand.answers.page import tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.answers.http import Answer

_CHANGES = re.compile(
    r"(?i)log-?_?out|sign-?_?out|delete|remove|destroy|unsubscribe|cancel|reset|purge|drop|re-?start|"
    r"shut-?_?down|(?:\b|_)(?:stop|startall|kill|clear|terminate|revoke|flush|truncate|disable|trigger|execute)|"
    r"[?&](?:action|act|do|cmd|command|op|operation|task|method)=(?!(?:refresh|view|show|list|search|index|read|get)\b)\w"
)
"""An address with such a word may change something, though it is only got: Supervisor 4 stops a process by a link."""
_ASSETS = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src"}
_LONGEST = 2000
_NOWHERE = ("#", "javascript:", "data:", "mailto:")


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form."""

    name: str
    kind: str
    """`text`, `password`, `hidden`, …; of other elements their name: `select`, `textarea`."""
    value: str = ""
    """As the page fills it in: a token, mostly."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page."""

    action: str
    """Absolute, without a fragment."""
    method: str
    """`GET` or `POST`."""
    fields: tuple[Field, ...] = ()
    """Each input that has a name, in order."""
    page: str = ""
    """The address of the page that holds it."""


@dataclass(frozen=True, slots=True)
class Links:
    """What a page leads to, on its own origin."""

    pages: tuple[str, ...] = ()
    """Absolute addresses of links, in order, each once; none that may change something."""
    assets: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()


def links(answer: Answer) -> Links:
    """Return where a page leads on its own origin (scheme, host and port)."""
    pages: dict[str, None] = {}
    assets: dict[str, None] = {}
    forms: list[Form] = []
    base = answer.url
    for tag in tags(answer.text):
        if tag.name == "base" and tag.get("href"):
            base = urljoin(answer.url, tag.get("href") or "")
        elif tag.name in ("a", "area"):
            pages.update((url, None) for url in _own(answer.url, base, tag.get("href")) if not may_change(url))
        elif tag.name in _ASSETS:
            assets.update((url, None) for url in _own(answer.url, base, tag.get(_ASSETS[tag.name])))
        elif tag.name == "form":
            method = "POST" if (tag.get("method") or "").strip().lower() == "post" else "GET"
            forms += [Form(url, method, (), answer.url) for url in _own(answer.url, base, tag.get("action") or base)]
        elif tag.name in ("input", "textarea", "select") and forms and tag.get("name"):
            kind = (tag.get("type") or "text").lower() if tag.name == "input" else tag.name
            last = forms[-1]
            field = Field(tag.get("name") or "", kind, tag.get("value") or "")
            forms[-1] = Form(last.action, last.method, (*last.fields, field), last.page)
    return Links(tuple(pages), tuple(assets), tuple(forms))


def may_change(url: str) -> bool:
    """Return whether an address has a word in it that says that it changes something, though it is only got."""
    path = url.partition("://")[2].partition("/")[2]
    return _CHANGES.search(f"/{path}") is not None


def joined(found: Iterable[Links]) -> Links:
    """Return where several pages lead together, everything once, in order."""
    pages: dict[str, None] = {}
    assets: dict[str, None] = {}
    forms: dict[tuple[str, str, tuple[Field, ...]], Form] = {}
    for one in found:
        pages.update(dict.fromkeys(one.pages))
        assets.update(dict.fromkeys(one.assets))
        for form in one.forms:
            forms.setdefault((form.action, form.method, form.fields), form)
    return Links(tuple(pages), tuple(assets), tuple(forms.values()))


def _own(page: str, base: str, written: str | None) -> Iterator[str]:
    """Yield the absolute address of a link, where it stays on the page's own origin."""
    if (
        written is None
        or len(written) > _LONGEST
        or written.strip().startswith(("#", "javascript:", "data:", "mailto:"))
    ):
        return
    try:
        url = urljoin(base, written.strip()).partition("#")[0]
        here, there = urlsplit(page), urlsplit(url)
    except ValueError:
        return
    if (here.scheme, here.netloc) == (there.scheme, there.netloc):
        yield url if there.path else f"{url}/"
