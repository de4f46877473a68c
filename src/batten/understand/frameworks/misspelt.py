"""Settings whose names are one slip away from a protection's: they are stored, and nobody reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import State
from batten.understand.subjects import NoEffect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.sources import Sources
    from batten.understand.subjects import App

_COOKIES = {
    "SESSION_COOKIE_SECURITY": "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_SECURED": "SESSION_COOKIE_SECURE",
    "SESSION_COOKIES_SECURE": "SESSION_COOKIE_SECURE",
    "SESSION_SECURE_COOKIE": "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPS_ONLY": "SESSION_COOKIE_SECURE",
    "SECURE_SESSION_COOKIE": "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTP_ONLY": "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIES_HTTPONLY": "SESSION_COOKIE_HTTPONLY",
    "SESSION_HTTPONLY_COOKIE": "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAME_SITE": "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIES_SAMESITE": "SESSION_COOKIE_SAMESITE",
    "CSRF_SECURE_COOKIE": "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_SECURITY": "CSRF_COOKIE_SECURE",
}
_FLASK = {
    "SESSION_HTTPONLY": "SESSION_COOKIE_HTTPONLY",
    "SESSION_SECURE": "SESSION_COOKIE_SECURE",
    "REMEMBER_COOKIE_HTTP_ONLY": "REMEMBER_COOKIE_HTTPONLY",
    "REMEMBER_COOKIE_SAME_SITE": "REMEMBER_COOKIE_SAMESITE",
    "REMEMBER_COOKIES_SECURE": "REMEMBER_COOKIE_SECURE",
    "REMEMBER_SECURE_COOKIE": "REMEMBER_COOKIE_SECURE",
    "CSRF_ENABLED": "WTF_CSRF_ENABLED",
    "WTF_CSRF_ENABLE": "WTF_CSRF_ENABLED",
    "WTF_CSFR_ENABLED": "WTF_CSRF_ENABLED",
    "MAX_CONTENT_SIZE": "MAX_CONTENT_LENGTH",
    "MAX_CONTENT_LENGHT": "MAX_CONTENT_LENGTH",
    "TRUSTED_HOST": "TRUSTED_HOSTS",
    "ALLOWED_HOSTS": "TRUSTED_HOSTS",
}
_DJANGO = {
    "ALLOWED_HOST": "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGIN": "CSRF_TRUSTED_ORIGINS",
    "CSRF_COOKIE_HTTP_ONLY": "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SAME_SITE": "CSRF_COOKIE_SAMESITE",
    "SECURE_SSL_REDIRECTS": "SECURE_SSL_REDIRECT",
    "SECURE_REDIRECT_SSL": "SECURE_SSL_REDIRECT",
    "SSL_REDIRECT": "SECURE_SSL_REDIRECT",
    "SECURE_HTTPS_REDIRECT": "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECOND": "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_MAX_AGE": "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAIN": "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_INCLUDE_SUB_DOMAINS": "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_CONTENT_TYPE_NO_SNIFF": "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_CONTENT_NOSNIFF": "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_PROXY_SSL_HEADERS": "SECURE_PROXY_SSL_HEADER",
    "X_FRAME_OPTION": "X_FRAME_OPTIONS",
    "XFRAME_OPTIONS": "X_FRAME_OPTIONS",
    "SECURE_REFERER_POLICY": "SECURE_REFERRER_POLICY",
    "AUTH_PASSWORD_VALIDATOR": "AUTH_PASSWORD_VALIDATORS",
    "PASSWORD_VALIDATORS": "AUTH_PASSWORD_VALIDATORS",
    "CORS_ALLOWED_ORIGIN": "CORS_ALLOWED_ORIGINS",
    "CORS_ALLOW_ORIGINS": "CORS_ALLOWED_ORIGINS",
}
NAMES: Mapping[str, Mapping[str, str]] = {
    "flask": {**_COOKIES, **_FLASK},
    "quart": {**_COOKIES, **_FLASK},
    "django": {**_COOKIES, **_DJANGO},
}
"""Framework to names that people write, and the setting that they mean. Only what was seen, or one slip away."""


def misspelt(app: App, sources: Sources) -> Iterator[NoEffect]:
    """Yield the settings of an app whose names are misspelt and that the project itself does not read.

    Nothing is said where the right setting is written too, or has that value by itself.
    """
    for name, meant in NAMES.get(app.framework, {}).items():
        value, real = app.setting(name), app.setting(meant)
        if value.state not in {State.KNOWN, State.ONE_OF} or value.at is None or value.is_false():
            continue
        is_written = real.state is not State.UNSET and not real.default
        if not is_written and real.value != value.value and not _is_read(sources, name):
            says = f"nothing reads {name}; the setting is called {meant}"
            yield NoEffect(says, value.at, f"{meant} = {value}", name, value.evidence)


def _is_read(sources: Sources, name: str) -> bool:
    """Return whether a file of the project reads the setting (`config["NAME"]`, `settings.NAME`, `get("NAME")`)."""
    read = re.compile(
        rf"\.get\(\s*[\"']{name}[\"']|\[\s*[\"']{name}[\"']\s*\](?!\s*=[^=])|\.{name}\b(?!\s*=[^=])|\b{name}\b\s*[,)\]]"
    )
    return any(read.search(sources.read(path) or "") for path in sources.mentioning([name]))
