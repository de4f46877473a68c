"""Which settings matter for security: those that `batten config` shows before it is asked for all.

The names are told by their words, so that a setting of any framework or
library, and one of the project's own, is judged alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import State, is_secret

if TYPE_CHECKING:
    from batten.model import Value
    from batten.understand.subjects import App

_ALWAYS = (
    "DEBUG TESTING SECRET_KEY SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE WTF_CSRF_ENABLED"
).split()
"""Settings that rules read of every app that has them."""

_OURS = ("run.", "header.", "cors.")
"""Prefixes of the names that are Batten's own: what is served, and what every response carries."""

_WORDS = re.compile(
    r"(?:^|[_.-])(?:admins?|algorithms?|allow(?:ed)?|auth\w*|autoescape|broker|certs?|cookies?|cors|credentials?|csp|csrf"
    r"|databases?|debug\w*|dsn|env|environment|exceptions?|expose\w*|frame|hashers|hosts?|hsts|https?|jwt|keys?"
    r"|middlewares?|origins?|pass(?:word)?\w*|permissions?|propagate|prox(?:y|ies)|redirects?|referrer|safe|salt"
    r"|samesite|secrets?|secur\w*|serializers?|sessions?|signing|ssl|testing|tls|tokens?|trust\w*|validators|verify)"
    r"(?:$|[_.-])|login_disabled|max_content_length|data_upload_max|(?:docs|redoc|openapi|swagger\w*)_url",
    re.IGNORECASE,
)
"""Words in the name of a setting that somebody wrote."""

_LOGIN = re.compile(r"://[^\s/@]+@")
"""A user, perhaps with a password, in an address."""

_DEFAULTS = re.compile(
    r"DEBUG|TESTING|SECRET_KEY|\w*_COOKIE_SECURE|SESSION_COOKIE_(?:HTTPONLY|SAMESITE)|(?:ALLOWED|TRUSTED)_HOSTS"
    r"|SECURE_(?:SSL_REDIRECT|HSTS_SECONDS|PROXY_SSL_HEADER|CONTENT_TYPE_NOSNIFF|REFERRER_POLICY)|X_FRAME_OPTIONS"
    r"|\w+_CSRF_ENABLED|CORS_\w+|PERMANENT_SESSION_LIFETIME|MAX_CONTENT_LENGTH|(?:\w+\.)?debug|session\.(?:https_only|same_site)|(?:docs|redoc|openapi)_url",
)
"""Settings whose default is a decision that a deploy should know of."""


def relevant(app: App) -> frozenset[str]:
    """Return the names of an app's settings that matter for security."""
    read = _read(app)
    return frozenset(name for name, value in app.settings.items() if name in read or _tells(app, name, value))


def _tells(app: App, name: str, value: Value) -> bool:
    """Return whether a setting that no rule looks at tells something that a deploy should know of."""
    if name.startswith(_OURS):
        return value.state is not State.UNSET
    if name.endswith(".debug") and value is app.settings.get("debug"):
        return False  # it is told under the framework's own name
    return bool(_DEFAULTS.fullmatch(name)) if _is_default(value) else _matters(name, value)


def _matters(name: str, value: Value) -> bool:
    texts = (case.value for case in value.cases() if isinstance(case.value, str))
    return value.secret or is_secret(name) or bool(_WORDS.search(name)) or any(map(_LOGIN.search, texts))


def _is_default(value: Value) -> bool:
    """Return whether nothing in the project writes a setting, as far as it can be told."""
    return value.default or bool(value.cases_ and all(case.default for case in value.cases_))


def _read(app: App) -> set[str]:
    """Return the settings that the app's own subjects are made of: what its rules look at."""
    names = set(_ALWAYS)
    names.update(key.setting for key in app.keys)
    names.update(credential.setting.partition("[")[0] for credential in app.credentials)
    names.update(name for cookie in app.cookies if cookie.used for name in cookie.settings.values())
    names.update(guard.setting for guard in app.csrf)
    names.update(lost.setting for lost in app.no_effect)
    names.update(check.setting for check in app.hosts)
    names.update(panel.setting for panel in app.panels)
    names.update(trust.what for trust in app.proxies)
    names.update(limit.setting for limit in app.body_limits)
    return names
