"""The Observatory's test of subresource integrity: which scripts a page loads from elsewhere, and how."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from batten.understand.answers.addresses import WebHost, web_host
from batten.understand.answers.http import host_of, is_https
from batten.understand.answers.suffixes import registrable

if TYPE_CHECKING:
    from batten.understand.answers.observatory.subject import Subject
    from batten.understand.answers.page import Tag

_FULL = re.compile(r"https?://")
_ALL = "sri-implemented-and-all-scripts-loaded-securely"
_EXTERNAL = "sri-implemented-and-external-scripts-loaded-securely"
_UNSAFE_LOAD = "sri-implemented-but-external-scripts-not-loaded-securely"
_BARE = "sri-not-implemented-but-external-scripts-loaded-securely"
_BARE_UNSAFE = "sri-not-implemented-and-external-scripts-not-loaded-securely"
_WORSE = (_ALL, _BARE, _UNSAFE_LOAD, _BARE_UNSAFE)
"""From good to worst, by its own order."""


class UnreadableAddressError(ValueError):
    """A script's address is none: the Observatory stops there and gives no grade."""


def verdict(subject: Subject) -> str:
    """Return the outcome.

    Raises:
        UnreadableAddressError: an absolute address of a script is none.
    """
    if subject.media_type is not None and not subject.is_html:
        return "sri-not-implemented-response-not-html"
    if is_json(subject.text):
        return "html-not-parseable"
    scripts = [tag for tag in subject.tags if tag.name == "script"]
    if not scripts:
        return "sri-not-implemented-but-no-scripts-loaded"
    site = _site(host_of(subject.main.url))
    worst: str | None = None
    foreign = False
    for tag in scripts:
        is_own, outcome = _of(tag, site, page_is_https=subject.main.is_https)
        foreign = foreign or not is_own
        if outcome is not None and (worst is None or _WORSE.index(outcome) > _WORSE.index(worst)):
            worst = outcome
    if worst is not None:
        return worst
    return _EXTERNAL if foreign else "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"


def _of(tag: Tag, site: str | None, *, page_is_https: bool) -> tuple[bool, str | None]:
    """Return whether a script is the site's own, and its outcome if it has one."""
    src, has_integrity = tag.get("src"), bool(tag.get("integrity"))
    if not src:
        return True, None
    is_secure, is_own = page_is_https, True
    if src.startswith("//"):
        is_secure = is_own = False
    elif _FULL.match(src):
        host = web_host(src)
        if host is None:
            raise UnreadableAddressError(src)
        is_secure, is_own = is_https(src), _site(host.name, host) == site
    if is_own:
        return True, _ALL if has_integrity and is_secure else None
    if has_integrity:
        return False, None if is_secure else _UNSAFE_LOAD
    return False, _BARE if is_secure else _BARE_UNSAFE


def _site(name: str, host: WebHost | None = None) -> str | None:
    """Return the registrable domain by ICANN's suffixes; None for an address, so that all addresses are one site."""
    return None if host is not None and host.is_address else registrable(name, private=False)


def is_json(text: str) -> bool:
    """Return whether JavaScript's JSON.parse takes a text."""
    if text[:1] not in '{["-0123456789tfn \t\r\n' or not text.strip():
        return False
    try:
        json.loads(text, parse_int=float, parse_constant=_refuse)
    except RecursionError:
        return True  # nested deeper than Python reads; nothing wrong was met down to there
    except ValueError:
        return False
    return True


def _refuse(name: str) -> None:
    raise ValueError(name)
