"""Django's own values of settings that nobody sets, by version.

Facts from `django.conf.global_settings` of Django 2.2 to 5.2 and the release
notes of 3.0, 3.1, 4.0 and 5.0. What no rule, report or common settings code
reads is left out: such a setting is unknown, not absent.
"""

from __future__ import annotations

from typing import Any

Version = tuple[int, ...]

_AUTH = "django.contrib.auth.hashers"

DEFAULTS: dict[str, Any] = {
    "ADMINS": [],
    "ALLOWED_HOSTS": [],
    "APPEND_SLASH": True,
    "AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"],
    "AUTH_PASSWORD_VALIDATORS": [],
    "AUTH_USER_MODEL": "auth.User",
    "CSRF_COOKIE_AGE": 31_449_600,
    "CSRF_COOKIE_DOMAIN": None,
    "CSRF_COOKIE_HTTPONLY": False,
    "CSRF_COOKIE_NAME": "csrftoken",
    "CSRF_COOKIE_PATH": "/",
    "CSRF_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SECURE": False,
    "CSRF_TRUSTED_ORIGINS": [],
    "CSRF_USE_SESSIONS": False,
    "DATABASES": {},
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 2_621_440,
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": 1_000,
    "DEBUG": False,
    "DEBUG_PROPAGATE_EXCEPTIONS": False,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "localhost",
    "EMAIL_HOST_PASSWORD": "",
    "EMAIL_HOST_USER": "",
    "EMAIL_PORT": 25,
    "EMAIL_USE_SSL": False,
    "EMAIL_USE_TLS": False,
    "FILE_UPLOAD_MAX_MEMORY_SIZE": 2_621_440,
    "INSTALLED_APPS": [],
    "INTERNAL_IPS": [],
    "LANGUAGE_CODE": "en-us",
    "LOGGING": {},
    "LOGIN_REDIRECT_URL": "/accounts/profile/",
    "LOGIN_URL": "/accounts/login/",
    "LOGOUT_REDIRECT_URL": None,
    "MANAGERS": [],
    "MEDIA_ROOT": "",
    "MIDDLEWARE": [],
    "SECRET_KEY": "",
    "SECRET_KEY_FALLBACKS": [],
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
    "SECURE_HSTS_PRELOAD": False,
    "SECURE_HSTS_SECONDS": 0,
    "SECURE_PROXY_SSL_HEADER": None,
    "SECURE_REDIRECT_EXEMPT": [],
    "SECURE_SSL_HOST": None,
    "SECURE_SSL_REDIRECT": False,
    "SESSION_COOKIE_AGE": 1_209_600,
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_NAME": "sessionid",
    "SESSION_COOKIE_PATH": "/",
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_SECURE": False,
    "SESSION_ENGINE": "django.contrib.sessions.backends.db",
    "SESSION_EXPIRE_AT_BROWSER_CLOSE": False,
    "SESSION_SERIALIZER": "django.contrib.sessions.serializers.JSONSerializer",
    "SILENCED_SYSTEM_CHECKS": [],
    "STATICFILES_DIRS": [],
    "STATIC_ROOT": None,
    "STATIC_URL": None,
    "TEMPLATES": [],
    "TIME_ZONE": "America/Chicago",
    "USE_X_FORWARDED_HOST": False,
    "USE_X_FORWARDED_PORT": False,
    "WSGI_APPLICATION": None,
}
"""Settings whose default is the same in every version from 2.2 on."""

SINCE: dict[str, tuple[tuple[Version, Any], ...]] = {
    "SECURE_CONTENT_TYPE_NOSNIFF": (((), False), ((3, 0), True)),
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": (((), None), ((4, 0), "same-origin")),
    "SECURE_REFERRER_POLICY": (((), None), ((3, 1), "same-origin")),
    "USE_TZ": (((), False), ((5, 0), True)),
    "X_FRAME_OPTIONS": (((), "SAMEORIGIN"), ((3, 0), "DENY")),
    "PASSWORD_HASHERS": (
        (
            (),
            [f"{_AUTH}.{name}PasswordHasher" for name in ("PBKDF2", "PBKDF2SHA1", "Argon2", "BCryptSHA256")],
        ),
        (
            (4, 0),
            [f"{_AUTH}.{name}PasswordHasher" for name in ("PBKDF2", "PBKDF2SHA1", "Argon2", "BCryptSHA256", "Scrypt")],
        ),
    ),
}
"""Settings whose default changed: from which version on it is what."""


def defaults(version: Version | None) -> dict[str, Any]:
    """Return Django's defaults of a version, of the newest for None."""
    found = dict(DEFAULTS)
    for name, steps in SINCE.items():
        for since, value in steps:
            if version is None or version >= since:
                found[name] = value
    return found
