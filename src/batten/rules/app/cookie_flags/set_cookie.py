"""A cookie that the code sets by hand lacks a flag.

`response.set_cookie(name, value)` sends neither `Secure`, nor `HttpOnly`, nor
`SameSite`: Werkzeug's defaults are off, and the `SESSION_COOKIE_…` settings do
not reach it. A token in such a cookie is read on the network, by any script of
the page, and goes along with other sites' requests.

Medium when the cookie's name says that it is a login, a session or a token. Low
for the others, of which only `Secure` is asked (a script may have to read them),
and `SameSite="None"` without a login.

Silent when the flags are on or cannot be told, and for a deleted cookie.

Fix: `set_cookie(name, value, secure=True, httponly=True, samesite="Lax")`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, State, live, rule
from batten.rules.app.cookie_flags._seen import Role, SeenCookie, cookies
from batten.rules.form import first
from batten.rules.samples import shown
from batten.understand.answers.site import Site, seen
from batten.understand.subjects import Cookie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value

APP = """\
from flask import Flask, make_response

app = Flask(__name__)


@app.get("/")
def index():
    response = make_response("hello")
    response.set_cookie("access_token", "…")  # <- here
    return response
"""


@rule(
    id="cookie-flags/set-cookie",
    severity=Severity.MEDIUM,
    cwe=614,
    over=Cookie,
    sources=["Werkzeug 3.1 Response.set_cookie", "RFC 6265 section 4.1.2", "OWASP A02:2025"],
    bad=[
        Bad("no flag", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "not hidden from scripts",
            {
                "app.py": APP.replace('"…"', '"…", secure=True, samesite="Lax"'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad(
            "any cookie over plain HTTP",
            {"app.py": APP.replace("access_token", "theme"), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
    good=[
        Good(
            "all three",
            {
                "app.py": APP.replace('"…"', '"…", secure=True, httponly=True, samesite="Lax"'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "a script may read the colour scheme",
            {
                "app.py": APP.replace('"access_token", "…"', '"theme", "…", secure=True'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def bare_cookie(cookie: Cookie) -> Iterator[Finding]:
    """Yield a finding for a call that sets a cookie without a flag that it needs."""
    missing = missing_flags(cookie) if cookie.role == "set" else ()
    if missing:
        confidence = missing[0][1].confidence
        for _, case in missing[1:]:
            confidence = confidence.weakest(case.confidence)
        yield _finding(cookie, tuple(says for says, _ in missing), confidence)


def missing_flags(cookie: Cookie) -> tuple[tuple[str, Value], ...]:
    """Return each flag that the cookie needs and may lack, with the value that says so."""
    return tuple(_missing(cookie))


def _missing(cookie: Cookie) -> Iterator[tuple[str, Value]]:
    """Yield each flag that the cookie needs and may lack, with the value that says so."""
    for says, flag, wanted in (
        ("Secure", cookie.secure, True),
        ("HttpOnly", cookie.httponly, _is_login(cookie) and not _is_csrf(cookie)),
    ):
        if wanted:
            yield from ((says, case) for case in _first(case for case in flag.cases() if _is_off(flag, case)))
    cross_site = (None, "") if _is_login(cookie) else ()
    for case in _first(
        case
        for case in cookie.samesite.cases()
        if (_is_off(cookie.samesite, case) and case.value in cross_site) or _is_none(case.value)
    ):
        if case.value or _is_login(cookie):
            yield "SameSite", case


def _is_none(samesite: object) -> bool:
    """Return whether a value is the word None, which sends the cookie everywhere."""
    return isinstance(samesite, str) and samesite.lower() == "none"


def _is_off(flag: Value, case: Value) -> bool:
    """Return whether a flag is off in a case; beside a value that is not known, None comes of `setting or None`."""
    return not case.value and not (flag.state is State.UNKNOWN and case.value is None)


def _first(cases: Iterator[Value]) -> Iterator[Value]:
    for case in cases:
        yield case
        return


def _finding(cookie: Cookie, flags: tuple[str, ...], confidence: Confidence) -> Finding:
    name = repr(cookie.name) if cookie.name else "a cookie"
    return Finding(
        at=first(cookie.at),
        says=f"{name} is set without {_and(flags)}",
        confidence=confidence,
        severity=Severity.MEDIUM if _is_login(cookie) else Severity.LOW,
        fix=Fix('Add `secure=True, httponly=True, samesite="Lax"` to the call.'),
        symbol=f"cookie {cookie.name}",
        proof=" ".join(flags),
    )


def _is_login(cookie: Cookie) -> bool:
    """Return whether the cookie's name says that it lets somebody in."""
    return _LOGIN.search(cookie.name) is not None


def _is_csrf(cookie: Cookie) -> bool:
    """Return whether scripts have to read the cookie, to send its token back."""
    return re.search(r"csrf|xsrf", cookie.name, re.IGNORECASE) is not None


def _and(words: tuple[str, ...]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


_LOGIN = re.compile(
    r"sess|sid$|^sid|auth|token|jwt|login|logged|remember|user|account|api_?key|secret|pass|credential|identity",
    re.IGNORECASE,
)


@live(
    over=Site,
    bad=[
        Bad("no flag", answers={"GET / # <- here": shown("", "Set-Cookie: access_token=ey; Path=/")}),
        Bad("not hidden", answers={"GET / # <- here": shown("", "Set-Cookie: jwt=ey; Secure; SameSite=Lax")}),
    ],
    good=[
        Good(
            "all three", answers={"GET /": shown("", "Set-Cookie: access_token=ey; Secure; HttpOnly; SameSite=Strict")}
        ),
        Good("a colour scheme", answers={"GET /": shown("", "Set-Cookie: theme=dark; Path=/")}),
        Good(
            "analytics", answers={"GET /": shown("", "Set-Cookie: _ga=GA1.2.3; Path=/", "Set-Cookie: _gid=1; Path=/")}
        ),
    ],
)
def bare_cookie_sent(site: Site) -> Iterator[Finding]:
    """Yield a finding for each cookie that lets somebody in and was set without a flag that it needs."""
    told: set[str] = set()
    for one in cookies(site, Role.TOKEN):
        missing = tuple(_not_sent(one, is_https=site.is_https))
        if missing and one.cookie.name not in told:
            told.add(one.cookie.name)
            yield Finding(
                at=one.at,
                says=f"{one.cookie.name!r} is set without {_and(missing)}",
                evidence=(seen(one.answer, f"answered {one.answer.status} with the cookie {one.cookie.name!r}"),),
                fix=Fix("Set it with `Secure; HttpOnly; SameSite=Lax`."),
                symbol=f"cookie {one.cookie.name}",
            )


def _not_sent(one: SeenCookie, *, is_https: bool) -> Iterator[str]:
    if is_https and not one.cookie.secure:
        yield "Secure"
    if not one.cookie.http_only:
        yield "HttpOnly"
    if one.cookie.known_same_site in {None, "none"}:
        yield "SameSite"
