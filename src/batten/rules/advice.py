"""Where each framework sets what a finding asks for, in its own words: one table for all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Made(Protocol):
    """Something made with a framework: an app, or a site as a visitor sees it."""

    @property
    def framework(self) -> str:
        """`flask`, `django`; empty where it is not known."""


_MIDDLEWARE = "in a middleware"
WHERE: Mapping[str, str] = {
    "flask": "after each request",
    "quart": "after each request",
    "django": _MIDDLEWARE,
    "fastapi": _MIDDLEWARE,
    "starlette": _MIDDLEWARE,
    "litestar": "with `response_headers`",
    "aiohttp": "in an `on_response_prepare` signal",
    "tornado": "in `set_default_headers()` of a handler that all others inherit from",
    "bottle": "in an `after_request` hook",
    "sanic": "in a response middleware",
    "pyramid": "in a tween",
}
"""Framework to the place where a header is put on every response."""

_SECURITY = "with SecurityMiddleware among MIDDLEWARE"
HEADERS: Mapping[str, Mapping[str, str]] = {
    "django": {
        "strict-transport-security": f"`SECURE_HSTS_SECONDS = 31536000`, {_SECURITY}",
        "x-content-type-options": f"`SECURE_CONTENT_TYPE_NOSNIFF = True`, {_SECURITY}",
        "referrer-policy": f'`SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"`, {_SECURITY}',
        "cross-origin-opener-policy": f'`SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"`, {_SECURITY}',
        "x-frame-options": '`X_FRAME_OPTIONS = "DENY"`, with XFrameOptionsMiddleware among MIDDLEWARE',
        "content-security-policy": "`CONTENT_SECURITY_POLICY` of django-csp, with CSPMiddleware among MIDDLEWARE",
    },
}
"""Framework and header (lower case) to the setting that puts it on every response, where there is one."""

SERVERS: Mapping[str, str] = {
    "nginx": 'add_header {name} "{value}" always;',
    "apache": 'Header always set {name} "{value}"',
    "caddy": 'header {name} "{value}"',
}
"""Web server to the line that puts a header on every answer, errors too."""

REDIRECTS: Mapping[str, str] = {
    "nginx": "`return 301 https://$host$request_uri;` in the server that listens on port 80.",
    "apache": "`Redirect permanent / https://shop.example.com/` in the host that listens on port 80.",
    "flask": "Let Flask-Talisman redirect; behind a proxy add ProxyFix.",
    "quart": "Let the proxy redirect.",
    "django": f"Set `SECURE_SSL_REDIRECT = True`, {_SECURITY}; behind a proxy set SECURE_PROXY_SSL_HEADER too.",
    "fastapi": "Add `HTTPSRedirectMiddleware`, or let the proxy redirect.",
    "starlette": "Add `HTTPSRedirectMiddleware`, or let the proxy redirect.",
}

FORMS: Mapping[str, str] = {
    "flask": 'Add `CSRFProtect(app)` of Flask-WTF, and set `SESSION_COOKIE_SAMESITE = "Lax"`.',
    "quart": 'Add `CSRFProtect(app)` of Quart-WTF, and set `SESSION_COOKIE_SAMESITE = "Lax"`.',
    "django": 'Put `"django.middleware.csrf.CsrfViewMiddleware"` among MIDDLEWARE.',
    "fastapi": 'Check a token in each form, and keep `same_site="lax"` of SessionMiddleware.',
    "starlette": 'Check a token in each form, and keep `same_site="lax"` of SessionMiddleware.',
    "tornado": "Set `xsrf_cookies=True`, and put `{% module xsrf_form_html() %}` into each form.",
    "litestar": "Pass `csrf_config=CSRFConfig(secret=…)`.",
    "pyramid": "Call `config.set_default_csrf_options(require_csrf=True)`.",
}

HOSTS: Mapping[str, str] = {
    "flask": 'Set `TRUSTED_HOSTS = ["shop.example.com"]` (Flask 3.1), or let the proxy refuse other hosts.',
    "django": 'Set `ALLOWED_HOSTS = ["shop.example.com"]`.',
    "fastapi": 'Add `TrustedHostMiddleware` with `allowed_hosts=["shop.example.com"]`.',
    "starlette": 'Add `TrustedHostMiddleware` with `allowed_hosts=["shop.example.com"]`.',
    "litestar": 'Pass `allowed_hosts=["shop.example.com"]`.',
}

BODIES: Mapping[str, str] = {
    "flask": "Set `MAX_CONTENT_LENGTH = 16 * 1024 * 1024`, or a limit in the proxy.",
    "quart": "Set `MAX_CONTENT_LENGTH = 16 * 1024 * 1024`, or a limit in the proxy.",
    "django": "Set `DATA_UPLOAD_MAX_MEMORY_SIZE`, and a limit in the proxy for files.",
}

DOCS: Mapping[str, str] = {
    "fastapi": "Pass `openapi_url=None` in production, or put a login before it.",
}


def header(app: Made, name: str, value: str) -> str:
    """Return how the app's framework puts a header on every response."""
    told = HEADERS.get(app.framework, {}).get(name.lower())
    if told is not None:
        return f"Set {told}."
    if app.framework in SERVERS:
        return f"Set `{SERVERS[app.framework].format(name=name, value=value)}`."
    return f"Set `{name}: {value}` {WHERE.get(app.framework, 'on every response')}."


def redirect(app: Made) -> str:
    """Return how the app's framework sends visitors from HTTP to HTTPS."""
    return REDIRECTS.get(app.framework, "Let the proxy redirect.")


def forms(app: Made) -> str:
    """Return how the app's framework guards forms against requests of other sites."""
    return FORMS.get(app.framework, "Check a token in each form, and set the session cookie's SameSite to Lax.")


def hosts(app: Made) -> str:
    """Return how the app's framework refuses other hosts."""
    return HOSTS.get(app.framework, "Compare the request's host with the names that are yours, or let the proxy do it.")


def bodies(app: Made) -> str:
    """Return how the app's framework limits the size of a request."""
    return BODIES.get(app.framework, "Limit the size of a request in the app, or in the proxy.")


def setting(name: str, value: str) -> str:
    """Return how a setting is given a value; a name of two words is a class and its argument."""
    words = name.split()
    if len(words) == 2:  # noqa: PLR2004 - `SessionMiddleware https_only`
        return f"Pass `{words[1]}={value}` to {words[0]}."
    return f"Set `{name} = {value}`."
