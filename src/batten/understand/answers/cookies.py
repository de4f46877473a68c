"""Cookies as the browsers' parser reads them (RFC 6265bis section 5.6), and what a jar keeps of them.

`parse` never raises. What it drops is what tough-cookie 5.0, the Observatory's jar, drops too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.model.data import dataclass
from batten.understand.answers.http import Answer, host_of
from batten.understand.answers.suffixes import is_address, registrable

if TYPE_CHECKING:
    from collections.abc import Iterable

SAME_SITE = frozenset({"strict", "lax", "none"})
_CUT = re.compile(r"[\n\r\0]")
_CONTROL = re.compile(r"[\x00-\x1f]")
_NUMBER = re.compile(r"-?[0-9]{1,400}")
_SPECIAL = frozenset({"local", "example", "invalid", "localhost", "test"})
"""Names of RFC 6761 that tough-cookie keeps cookies for."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """What one Set-Cookie says."""

    name: str
    value: str
    domain: str | None = None
    """In lower case, without a leading dot; None where none is given."""
    path: str | None = None
    """None where none is given that begins with a slash."""
    secure: bool = False
    http_only: bool = False
    same_site: str | None = None
    """In lower case as it was given, also where no browser knows it; empty where it has no value."""
    max_age_s: int | None = None
    expires: str | None = None
    partitioned: bool = False

    @property
    def known_same_site(self) -> str | None:
        """The SameSite that a browser goes by; None where it falls back to its default."""
        return self.same_site if self.same_site in SAME_SITE else None


def parse(header: str) -> Cookie | None:
    """Return the cookie of a Set-Cookie header's value; None where it sets none with a name."""
    pair, _, rest = header.strip().partition(";")
    cut = _CUT.search(pair)
    name, equals, value = (pair[: cut.start()] if cut else pair).partition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name or _CONTROL.search(name) or _CONTROL.search(value):
        return None
    told = _attributes(rest)
    age = told.get("max-age")
    path, domain = told.get("path") or "", (told.get("domain") or "").strip()
    return Cookie(
        name,
        value,
        domain=domain.removeprefix(".").lower() or None,
        path=path if path.startswith("/") else None,
        secure="secure" in told,
        http_only="httponly" in told,
        same_site=(told["samesite"] or "").lower() if "samesite" in told else None,
        max_age_s=int(age) if age is not None and _NUMBER.fullmatch(age) else None,
        expires=told.get("expires"),
        partitioned="partitioned" in told,
    )


def _attributes(text: str) -> dict[str, str | None]:
    """Return the attributes by name, the last of each; a domain or path without a value changes nothing."""
    told: dict[str, str | None] = {}
    for part in text.split(";"):
        key, equals, value = part.strip().partition("=")
        key = key.strip().lower()
        if key and not (key == "domain" and not value.strip() and key in told):
            told[key] = value.strip() if equals else None
    return told


def set_by(answer: Answer) -> tuple[Cookie, ...]:
    """Return the cookies that an answer sets, in order, those without a name left out."""
    return tuple(cookie for value in answer.all("set-cookie") if (cookie := parse(value)) is not None)


@dataclass(frozen=True, slots=True)
class Kept:
    """A cookie in a jar."""

    cookie: Cookie
    url: str
    """The answer that set it."""
    domain: str
    path: str
    host_only: bool


def jar(answers: Iterable[Answer]) -> tuple[Kept, ...]:
    """Return what tough-cookie 5.0 keeps of answers in a row: the last of each name, domain and path."""
    kept: dict[tuple[str, str, str], Kept] = {}
    for answer in answers:
        host = host_of(answer.url)
        for cookie in set_by(answer):
            stored = _stored(cookie, answer.url, host)
            if stored is not None:
                key = (cookie.name, stored.domain, stored.path)
                kept[key] = stored
    return tuple(kept.values())


def _stored(cookie: Cookie, url: str, host: str) -> Kept | None:
    domain = cookie.domain
    if domain is not None and not (_may_be_set(domain) and covers(domain, host)):
        return None
    kept = Kept(cookie, url, domain or host, cookie.path or _default_path(url), host_only=domain is None)
    return kept if has_earned_its_prefix(cookie) else None


def _may_be_set(domain: str) -> bool:
    """Return whether a jar takes cookies for the whole domain: not for an address, not for a public suffix."""
    return domain in {"localhost", "invalid"} or (domain not in _SPECIAL and registrable(domain) is not None)


def covers(domain: str, host: str) -> bool:
    """Return whether a host lies in a domain (RFC 6265bis section 5.1.3)."""
    return host == domain or (host.endswith("." + domain) and not is_address(host))


def has_earned_its_prefix(cookie: Cookie) -> bool:
    """Return whether a name that begins with `__Secure-` or `__Host-` has the attributes that it promises."""
    if cookie.name.startswith("__Host-"):
        return cookie.secure and cookie.domain is None and cookie.path == "/"
    return cookie.secure or not cookie.name.startswith("__Secure-")


def _default_path(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        return "/"
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"
