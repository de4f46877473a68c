"""Cookies as visitors got them: what each is for, and the setting that holds its flags."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from batten.model import Finding, Fix, Severity
from batten.model.data import dataclass
from batten.rules import advice
from batten.understand.answers.cookie_facts import Purpose, deletes, purpose, words
from batten.understand.answers.cookies import Cookie, set_by
from batten.understand.answers.site import parts_of, seen
from batten.understand.answers.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.model import Location
    from batten.understand.answers.http import Answer
    from batten.understand.answers.site import Site


class Role(Enum):
    """What a cookie that matters is for."""

    SESSION = "session"
    REMEMBER = "remember"
    AGAINST_CSRF = "csrf"
    TOKEN = "set"  # noqa: S105 - the role that the rules over code know it by
    """Its name says that it lets somebody in, and it is no framework's session."""


@dataclass(frozen=True, slots=True)
class SeenCookie:
    """A cookie that a visitor got and keeps."""

    cookie: Cookie
    role: Role
    answer: Answer
    framework: str = ""

    @property
    def at(self) -> Location:
        """The address that set it."""
        return seen(self.answer, "").at

    def setting(self, flag: str) -> str:
        """Return the framework's setting for a flag, as the rules over code name it, of a cookie by its usual name."""
        is_usual = self.cookie.name.removeprefix("__Host-").removeprefix("__Secure-") in _USUAL
        known = _SETTINGS.get(self.framework, {}).get((self.role, flag)) if is_usual else None
        return known or f"{flag} of the cookie {self.cookie.name!r}"

    def lacks(self, flag: str, says: str, value: str, severity: Severity | None = None) -> Finding:
        """Return the finding about a flag that is not there; `value` is what the setting ought to hold."""
        setting = self.setting(flag)
        is_known = " of the cookie " not in setting
        words = _WRITTEN[flag]
        fix = advice.setting(setting, value) if is_known else f"Set {self.cookie.name!r} with {words}."
        sees = f"set {self.cookie.name!r} with {', '.join(self._flags()) or 'no flag'}"
        return Finding(self.at, says, (seen(self.answer, sees),), severity=severity, fix=Fix(fix), symbol=setting)

    def _flags(self) -> Iterator[str]:
        cookie = self.cookie
        yield from (word for word, is_on in (("Secure", cookie.secure), ("HttpOnly", cookie.http_only)) if is_on)
        if cookie.same_site is not None:
            yield f"SameSite={cookie.same_site}"


_WRITTEN = {"secure": "`Secure`", "httponly": "`HttpOnly`", "samesite": "`SameSite=Lax`"}
_USUAL = frozenset({"session", "sessionid", "csrftoken", "remember_token"})
"""Flask 3.1, Starlette 1.10; Django 5.2; Flask-Login 0.6."""
_SESSION_WORDS = frozenset({"session", "sessions", "sess", "sid", "ssid"})
_FLASK: Mapping[tuple[Role, str], str] = {
    (role, flag): f"{name}_{flag.upper()}"
    for role, name in ((Role.SESSION, "SESSION_COOKIE"), (Role.REMEMBER, "REMEMBER_COOKIE"))
    for flag in ("secure", "httponly", "samesite")
}
_DJANGO: Mapping[tuple[Role, str], str] = {
    (role, flag): f"{name}_{flag.upper()}"
    for role, name in ((Role.SESSION, "SESSION_COOKIE"), (Role.AGAINST_CSRF, "CSRF_COOKIE"))
    for flag in ("secure", "httponly", "samesite")
}
_STARLETTE: Mapping[tuple[Role, str], str] = {
    (Role.SESSION, "secure"): "SessionMiddleware https_only",
    (Role.SESSION, "samesite"): "SessionMiddleware same_site",
}
_SETTINGS = {
    "flask": _FLASK,
    "quart": _FLASK,
    "django": _DJANGO,
    "fastapi": _STARLETTE,
    "starlette": _STARLETTE,
}


def cookies(site: Site, *roles: Role) -> Iterator[SeenCookie]:
    """Yield each cookie of the roles that a visitor got, in each set of flags once; one that is taken away is none."""
    told: set[tuple[object, ...]] = set()
    for answer in _answers(site):
        for cookie in set_by(answer):
            role = _role(cookie.name)
            key = (cookie.name, cookie.secure, cookie.http_only, cookie.same_site)
            if role in roles and key not in told and not deletes(cookie, answer):
                told.add(key)
                yield SeenCookie(cookie, role, answer, site.framework)


def first_of_each(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield one finding for each symbol: the same cookie may be set in several ways."""
    told: set[str] = set()
    for finding in findings:
        if finding.symbol not in told:
            told.add(finding.symbol)
            yield finding


def _answers(site: Site) -> Iterator[Answer]:
    for page in site.pages:
        yield from page.chain.hops
    for visit in parts_of(site, Visit):
        if visit.http is not None and site.is_https:
            yield from visit.http.hops


def _role(name: str) -> Role | None:
    is_for = purpose(name)
    if is_for is Purpose.OTHER:
        return None
    if is_for is Purpose.AGAINST_CSRF:
        return Role.AGAINST_CSRF
    parts = words(name)
    if any(part.startswith("remember") for part in parts):
        return Role.REMEMBER
    is_session = any(part in _SESSION_WORDS or part.endswith(("sessid", "sessionid", "session")) for part in parts)
    return Role.SESSION if is_session else Role.TOKEN
