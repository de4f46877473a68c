"""What Django's middleware puts on every response: security headers, redirects, CORS.

Facts from `django.middleware.security` and `django.middleware.clickjacking`
(Django 5.2), `csp.utils.build_policy` (django-csp 4.0) and
`corsheaders.middleware` (django-cors-headers 4.9).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import UNSET, State, Value
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks.django_middleware import CORS, FRAMES, POLICIES, SECURITY, header_writes
from batten.understand.frameworks.django_parts import mapped
from batten.understand.subjects import CorsPolicy, Headers

if TYPE_CHECKING:
    from batten.understand.frameworks.django_middleware import Middleware
    from batten.understand.frameworks.settings import Settings

_V3 = (
    "default script script-src-attr style img connect font object media frame child manifest worker prefetch base-uri "
    "form-action frame-ancestors"
).split()


def headers(middleware: Middleware, settings: Settings, *, pages: bool) -> tuple[Headers, dict[str, Value]]:
    """Return the headers on every response, and the same under the names that people write."""
    values: dict[str, Value] = {}
    redirect = UNSET
    secured = middleware.has(SECURITY)
    if secured is not False:
        values |= _secured(settings)
        redirect = settings("SECURE_SSL_REDIRECT")
    framing = middleware.has(FRAMES)
    if framing is not False:
        values["x-frame-options"] = mapped(settings("X_FRAME_OPTIONS"), lambda text: str(text).upper())
    if secured is None or framing is None:
        values = {name: _maybe(value) for name, value in values.items()}
    if middleware.has(*POLICIES) is not False:
        values |= _policies(settings)
    written, unsure = header_writes(middleware)
    at = settings.at
    if written is not None:
        for name, held in written.cells.items():
            value = value_of(settings.machine, held, str(name), at)
            if value.state is not State.UNSET:
                values[str(name).lower()] = value
        if written.open:
            unsure = unsure or "the project's middleware sets headers whose names are not known"
    if middleware.value.state is State.UNKNOWN:
        unsure = unsure or "MIDDLEWARE could not be read completely"
    display = {
        "-".join(part.capitalize() for part in name.split("-")): value
        for name, value in values.items()
        if value.state is not State.KNOWN or value.value is not None
    }
    subject = Headers(values, at, unsure, redirect.is_true(), redirect, serves_pages=pages)
    return subject, display


def _maybe(value: Value) -> Value:
    return replace(value, state=State.UNKNOWN, why="MIDDLEWARE could not be read completely")


def _secured(settings: Settings) -> dict[str, Value]:
    """`SecurityMiddleware.process_response`; HSTS is on responses to HTTPS only."""
    more = settings("SECURE_HSTS_INCLUDE_SUBDOMAINS"), settings("SECURE_HSTS_PRELOAD")
    suffix = f"{'; includeSubDomains' if more[0].is_true() else ''}{'; preload' if more[1].is_true() else ''}"

    def hsts(seconds: object) -> str | None:
        return f"max-age={seconds}{suffix}" if seconds else None

    def policy(given: object) -> str | None:
        if isinstance(given, str):
            return ",".join(part.strip() for part in given.split(",")) or None
        return ",".join(map(str, given)) if isinstance(given, list | tuple) else None

    return {
        "strict-transport-security": mapped(settings("SECURE_HSTS_SECONDS"), hsts),
        "x-content-type-options": mapped(settings("SECURE_CONTENT_TYPE_NOSNIFF"), lambda on: "nosniff" if on else None),
        "referrer-policy": mapped(settings("SECURE_REFERRER_POLICY"), policy),
        "cross-origin-opener-policy": mapped(settings("SECURE_CROSS_ORIGIN_OPENER_POLICY"), policy),
    }


def _policies(settings: Settings) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, header in (
        ("CONTENT_SECURITY_POLICY", "content-security-policy"),
        ("CONTENT_SECURITY_POLICY_REPORT_ONLY", "content-security-policy-report-only"),
        ("SECURE_CSP", "content-security-policy"),
        ("SECURE_CSP_REPORT_ONLY", "content-security-policy-report-only"),
    ):
        if name in settings.cells:
            found[header] = mapped(settings(name), _policy)
        elif settings.config.open:
            found[header] = settings(name)
    if found:
        return found
    names = [f"CSP_{part.upper().replace('-', '_')}{'' if '-' in part else '_SRC'}" for part in _V3]
    old = {name: settings(name) for name in names if name in settings.cells}
    only = settings("CSP_REPORT_ONLY", default=False)
    if settings.machine.world.version("django-csp") is None and not old:
        return {}
    if (settings.machine.world.version("django-csp") or (3,)) >= (4,):
        return {}
    header = "content-security-policy-report-only" if only.is_true() else "content-security-policy"
    return {header: _old_policy(settings, old)}


def _old_policy(settings: Settings, old: dict[str, Value]) -> Value:
    """django-csp 3: one setting for each directive, `default-src 'self'` where none is given."""
    parts = []
    for name, value in old.items():
        if value.state is not State.KNOWN:
            return replace(value, why=value.why or f"{name} is not known")
        if value.value is None:
            continue
        sources = value.value if isinstance(value.value, list | tuple) else (value.value,)
        parts.append(f"{name.removeprefix('CSP_').lower().replace('_', '-')} {' '.join(map(str, sources))}")
    if "CSP_DEFAULT_SRC" not in old:
        parts.insert(0, "default-src 'self'")
    first = next(iter(old.values()), None)
    text = "; ".join(parts)
    return (
        known_value(text, settings.at, "django-csp's default")
        if first is None
        else replace(first, value=text, plain=False)
    )


def _policy(given: object) -> str | None:
    """Return the policy that django-csp 4 (or, flat, Django 6) makes of its setting."""
    if not isinstance(given, dict):
        return None
    directives = given.get("DIRECTIVES", given if "EXCLUDE_URL_PREFIXES" not in given else {})
    if not given or not isinstance(directives, dict):
        return None
    if "DIRECTIVES" in given:
        directives = {"default-src": ["'self'"], **directives}
    parts = []
    for name, sources in directives.items():
        if sources is None or sources is False:
            continue
        listed = sorted(sources) if isinstance(sources, set | frozenset) else sources
        text = " ".join(map(str, listed)) if isinstance(listed, list | tuple) else "" if listed is True else str(listed)
        parts.append(f"{name} {text}".strip())
    return "; ".join(parts) or None


def cors(middleware: Middleware, settings: Settings) -> tuple[CorsPolicy, ...]:
    """Return the policy of django-cors-headers, nothing when its middleware is not in the list."""
    if not middleware.has(CORS):
        return ()
    credentials = settings("CORS_ALLOW_CREDENTIALS", default=False)
    urls = settings("CORS_URLS_REGEX", default="^.*$")
    paths = str(urls.value) if urls.state is State.KNOWN and not urls.default else ""
    found = []
    everyone = _either(settings, "CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")
    for case in everyone.cases():
        if case.value:
            at = case.at or settings.at
            found.append(
                CorsPolicy(
                    replace(case, value="*", plain=False),
                    credentials,
                    at,
                    wildcard_echoes=True,
                    paths=paths,
                    evidence=case.evidence,
                )
            )
    for names, pattern in (
        (("CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"), False),
        (("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST"), True),
    ):
        origins = _either(settings, *names)
        if origins.state is State.UNSET or (origins.default and not pattern and found):
            continue
        if not origins.default:
            found.append(CorsPolicy(origins, credentials, origins.at or settings.at, pattern=pattern, paths=paths))
    if everyone.state is State.UNKNOWN:
        found.append(CorsPolicy(everyone, credentials, everyone.at or settings.at, paths=paths))
    return tuple(found)


def _either(settings: Settings, name: str, old: str) -> Value:
    """Return a setting, under its old name where only that is set (django-cors-headers 3.5 renamed them)."""
    return settings(old) if old in settings.cells and name not in settings.cells else settings(name)
