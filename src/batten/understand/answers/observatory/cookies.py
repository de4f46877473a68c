"""The Observatory's test of cookies: the worst outcome of all that its jar keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.answers.cookies import SAME_SITE, Cookie, jar, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.observatory.subject import Subject

_PASSED_OVER = "heroku-session-affinity"
_WORSE = (
    "cookies-without-secure-flag-but-protected-by-hsts",
    "cookies-without-secure-flag",
    "cookies-session-without-secure-flag-but-protected-by-hsts",
    "cookies-samesite-flag-invalid",
    "cookies-anticsrf-without-samesite-flag",
    "cookies-session-without-httponly-flag",
    "cookies-session-without-secure-flag",
)
"""From bad to worst, by its own order and not by points."""


def verdict(subject: Subject, *, has_hsts: bool) -> str:
    """Return the outcome; `has_hsts` says whether that test was passed."""
    kept = [one.cookie for one in jar(subject.session) if one.cookie.name != _PASSED_OVER]
    if not kept:
        return "cookies-not-found"
    found = {outcome for cookie in kept for outcome in _of(cookie, has_hsts=has_hsts)}
    if any(_is_misspelt(value) for value in subject.main.all("set-cookie")):
        found.add("cookies-samesite-flag-invalid")
    if found:
        return max(found, key=_WORSE.index)
    and_samesite = "-and-samesite" if all(cookie.known_same_site for cookie in kept) else ""
    return "cookies-secure-with-httponly-sessions" + and_samesite


def _of(cookie: Cookie, *, has_hsts: bool) -> Iterator[str]:
    name = cookie.name.lower()
    is_session = "login" in name or "sess" in name
    if not cookie.secure:
        kind = "session-" if is_session else ""
        yield f"cookies-{kind}without-secure-flag" + ("-but-protected-by-hsts" if has_hsts else "")
        if cookie.known_same_site == "none":
            yield "cookies-samesite-flag-invalid"
    if "csrf" in name and not cookie.known_same_site:
        yield "cookies-anticsrf-without-samesite-flag"
    if is_session and not cookie.http_only:
        yield "cookies-session-without-httponly-flag"


def _is_misspelt(header: str) -> bool:
    cookie = parse(header)
    return cookie is not None and cookie.same_site is not None and cookie.same_site not in SAME_SITE
