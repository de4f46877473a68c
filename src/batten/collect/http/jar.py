"""The cookies of one session: what a browser would send back (RFC 6265bis section 5.8.3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from batten.collect.http.target import host_name
from batten.model import BattenError
from batten.understand.answers import cookies
from batten.understand.answers.dates import cookie_time

if TYPE_CHECKING:
    from batten.collect.http.target import Origin
    from batten.understand.answers.cookies import Cookie, Kept
    from batten.understand.answers.http import Answer

    Key = tuple[str, str, str]

_MOST = 100
_LONGEST = 4096
"""Name and value together, as browsers keep them (RFC 6265bis section 5.7)."""


class Jar:
    """Cookies by name, domain and path."""

    def __init__(self) -> None:
        """Begin without any."""
        self._held: dict[Key, Kept] = {}
        self._changes: list[tuple[Key, Kept | None]] = []
        """What was set and, as None, deleted, in order."""

    def take(self, answer: Answer) -> None:
        """Keep the cookies that an answer sets."""
        if answer.first("set-cookie") is None:
            return
        for kept in cookies.jar([answer]):
            cookie = kept.cookie
            if len(cookie.name) + len(cookie.value) <= _LONGEST:
                self._change((cookie.name, kept.domain, kept.path), None if _is_over(cookie) else kept)

    def branch(self) -> Jar:
        """Return a jar that begins with the same cookies and goes its own way."""
        made = Jar()
        made._held.update(self._held)
        return made

    def merge(self, branch: Jar) -> None:
        """Do what was done to a branch here too."""
        for key, kept in branch._changes:
            self._change(key, kept)

    def _change(self, key: Key, kept: Kept | None) -> None:
        self._changes.append((key, kept))
        del self._changes[:-_MOST]
        self._held.pop(key, None)
        if kept is not None and len(self._held) < _MOST:
            self._held[key] = kept

    def header(self, origin: Origin, path: str) -> str:
        """Return what stands in the `Cookie` header of a request; empty for none. Longer paths come first."""
        asked = path.partition("?")[0]
        is_trusted = origin.scheme == "https" or origin.host in {"localhost", "127.0.0.1", "::1"}
        sent = [
            kept
            for kept in self._held.values()
            if (is_trusted or not kept.cookie.secure) and _is_for(kept, origin.host) and _is_under(asked, kept.path)
        ]
        sent.sort(key=lambda kept: -len(kept.path))
        return "; ".join(f"{kept.cookie.name}={kept.cookie.value}" for kept in sent)


def _is_for(kept: Kept, host: str) -> bool:
    try:
        domain = host_name(kept.domain)
    except BattenError:
        return False
    return domain == host if kept.host_only else cookies.covers(domain, host)


def _is_over(cookie: Cookie) -> bool:
    if cookie.max_age_s is not None:
        return cookie.max_age_s <= 0
    then = cookie_time(cookie.expires) if cookie.expires is not None else None
    return then is not None and then <= time.gmtime()[:6]


def _is_under(asked: str, where: str) -> bool:
    return asked == where or asked.startswith(where if where.endswith("/") else f"{where}/")
