"""What cookies are for, and what browsers do with them, where the Observatory goes by parts of their names."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from batten.understand.answers.cookies import Cookie, covers, has_earned_its_prefix, set_by
from batten.understand.answers.dates import cookie_time
from batten.understand.answers.facts import Fact, FactKind, Where, fact
from batten.understand.answers.http import host_of, is_https
from batten.understand.answers.suffixes import is_address, is_loopback, registrable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.visit import Visit

_TEST = "cookies"
_LONG_AGO = (2000, 1, 1, 0, 0, 0)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_AGAINST_CSRF = re.compile(r"csrf|xsrf|antiforgery|requestverificationtoken")
_SESSION = frozenset(
    "session sessions sess sessionid sessid sid ssid auth authtoken authn jwt sso remember rememberme authorization "
    "authentication accesstoken refreshtoken idtoken".split()
)
_SESSION_IDS = re.compile(r"[a-z]*sess(ion)?id|aspsessionid[a-z]*|[a-z]*(?<!ob)(?<!pos)session")
_TOKENS = frozenset({"access", "refresh", "id", "bearer", "login", "user", "api"})
_ABOUT = frozenset("page url path count seen tab tabs last next return redirect lang theme banner hint notice".split())


class Purpose(Enum):
    """What a cookie is for, told from its name."""

    SESSION = "it says who the visitor is"
    AGAINST_CSRF = "it proves that a form is the site's own"
    OTHER = "nothing that its name tells"


def purpose(name: str) -> Purpose:
    """Return what a cookie of that name is for, by whole words of it."""
    parts = words(name)
    joined = "".join(parts)
    if _AGAINST_CSRF.search(joined):
        return Purpose.AGAINST_CSRF
    if not _ABOUT.isdisjoint(parts):
        return Purpose.OTHER
    is_token = parts[-1:] == ["token"] and (len(parts) == 1 or not _TOKENS.isdisjoint(parts))
    is_named = not _SESSION.isdisjoint(parts) or any(map(_SESSION_IDS.fullmatch, [*parts, joined]))
    return Purpose.SESSION if is_token or is_named else Purpose.OTHER


def words(name: str) -> list[str]:
    """Return the words of a cookie's name in lower case, without the prefix that browsers know."""
    bare = name.removeprefix("__Host-").removeprefix("__Secure-")[:200]
    return [word.lower() for word in _WORDS.findall(bare)]


def deletes(cookie: Cookie, answer: Answer) -> bool:
    """Return whether a Set-Cookie takes a cookie away: its time is over by the answer's own Date."""
    if cookie.max_age_s is not None:
        return cookie.max_age_s <= 0
    until = cookie_time(cookie.expires or "")
    now = cookie_time(answer.first("date") or "") or _LONG_AGO
    return until is not None and until <= now


def why_refused(cookie: Cookie, url: str) -> str | None:
    """Return why a browser takes no such cookie from an address; None where it takes it (RFC 6265bis section 5.7)."""
    host = host_of(url)
    is_trusted = is_https(url) or is_loopback(host)
    if cookie.secure and not is_trusted:
        return "Secure came over plain http"
    if not has_earned_its_prefix(cookie):
        return "its name's prefix promises attributes that are not there"
    if cookie.same_site == "none" and not cookie.secure:
        return "SameSite=None without Secure"
    if cookie.partitioned and not cookie.secure:
        return "Partitioned without Secure"
    if cookie.domain is None or cookie.domain == host:
        return None
    if not covers(cookie.domain, host):
        return "its Domain is not the host's"
    return "its Domain is a public suffix" if registrable(cookie.domain) is None else None


def cookie_facts(visit: Visit) -> Iterator[Fact]:
    """Yield what is so of the cookies of a visit, each cookie once."""
    page = visit.page
    if page is None:
        return
    main = visit.https if visit.https is not None and visit.https.last is page else visit.http
    for answer in main.hops if main is not None else ():
        for cookie in set_by(answer):
            yield from _of(cookie, answer)
    if main is visit.https and visit.http is not None:
        for answer in visit.http.hops:
            if not answer.is_https:
                yield from _over_http(answer)


def _of(cookie: Cookie, answer: Answer) -> Iterator[Fact]:
    at = Where(answer.url, "Set-Cookie")
    is_for = purpose(cookie.name)
    name = cookie.name.lower()
    if deletes(cookie, answer):
        why = "it deletes the cookie: there is nothing to protect"
        yield fact(FactKind.COOKIE_DELETED, _TEST, at, cookie.name, why, milder=True)
        return
    refused = why_refused(cookie, answer.url)
    if refused is not None:
        yield fact(FactKind.COOKIE_REFUSED, _TEST, at, cookie.name, f"browsers take no such cookie: {refused}")
        return
    if is_for is Purpose.SESSION and "login" not in name and "sess" not in name and (lacks := _lacks(cookie)):
        why = f"its name says that it is a session, and it lacks {lacks}"
        yield fact(FactKind.COOKIE_SESSION, _TEST, at, cookie.name, why)
    if is_for is Purpose.AGAINST_CSRF and "csrf" not in name and not cookie.known_same_site:
        why = "it is a token against CSRF, and it lacks SameSite"
        yield fact(FactKind.COOKIE_XSRF, _TEST, at, cookie.name, why)
    if is_for is Purpose.OTHER and ("login" in name or "sess" in name):
        why = "its name has a part that the Observatory looks for, but no word that says session"
        yield fact(FactKind.COOKIE_HARMLESS, _TEST, at, cookie.name, why, milder=True)
    if cookie.domain is not None and is_address(cookie.domain):
        why = "browsers keep a cookie whose Domain is the very address; the Observatory's jar drops it"
        yield fact(FactKind.COOKIE_KEPT, _TEST, at, cookie.name, why)


def _lacks(cookie: Cookie) -> str:
    """Return the attributes that a session needs and this one lacks."""
    missing = [] if cookie.secure else ["Secure"]
    return " and ".join(missing if cookie.http_only else [*missing, "HttpOnly"])


def _over_http(answer: Answer) -> Iterator[Fact]:
    for cookie in set_by(answer):
        if not deletes(cookie, answer) and why_refused(cookie, answer.url) is None:
            why = "it is set over plain http, before the redirect: who listens there reads it"
            yield fact(FactKind.COOKIE_OVER_HTTP, _TEST, Where(answer.url, "Set-Cookie"), cookie.name, why)
