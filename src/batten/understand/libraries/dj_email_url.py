"""dj-email-url 1.0: the `EMAIL_*` settings that a URL stands for."""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.objects import Abstract, Unknown
from batten.understand.libraries.extension import given
from batten.understand.libraries.lookup import parsed_url, settings_of_url

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_BACKENDS = "django.core.mail.backends"
_SCHEMES = {
    **dict.fromkeys(("smtp", "submission", "submit", "smtps"), f"{_BACKENDS}.smtp.EmailBackend"),
    "console": f"{_BACKENDS}.console.EmailBackend",
    "file": f"{_BACKENDS}.filebased.EmailBackend",
    "memory": f"{_BACKENDS}.locmem.EmailBackend",
    "dummy": f"{_BACKENDS}.dummy.EmailBackend",
}
_YES = frozenset("1 y Y yes Yes YES t T true True TRUE on On ON".split())


def parse(url: str) -> dict[str, Any]:
    """Return what `dj_email_url.parse(url)` gives.

    Raises:
        ValueError: it is no URL, or its timeout is no number.
    """
    parts = urllib.parse.urlparse(url)
    query = urllib.parse.parse_qs(parts.query)
    found: dict[str, Any] = {
        "EMAIL_FILE_PATH": parts.path[1:].split("?", 2)[0],
        "EMAIL_HOST_USER": _decoded(parts.username),
        "EMAIL_HOST_PASSWORD": _decoded(parts.password),
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port,
        "EMAIL_USE_SSL": False,
        "EMAIL_USE_TLS": parts.scheme in {"smtps", "submission", "submit"},
        "EMAIL_TIMEOUT": None,
    }
    if parts.scheme in _SCHEMES:
        found["EMAIL_BACKEND"] = _SCHEMES[parts.scheme]
    if parts.scheme == "smtp":
        found["EMAIL_HOST"] = found["EMAIL_HOST"] or "localhost"
        found["EMAIL_PORT"] = found["EMAIL_PORT"] or 25
    if parts.scheme in {"submission", "submit"}:
        found["EMAIL_PORT"] = found["EMAIL_PORT"] or 587
    for name in ("ssl", "tls"):
        if name in query:
            if query[name][0] in _YES:
                found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"] = name == "ssl", name == "tls"
            break
    if "timeout" in query:
        found["EMAIL_TIMEOUT"] = int(query["timeout"][0])
    for parameter, name in (("_server_email", "SERVER_EMAIL"), ("_default_from_email", "DEFAULT_FROM_EMAIL")):
        if parameter in query:
            found[name] = query[parameter][0]
    return found


def _decoded(text: str | None) -> str | None:
    return urllib.parse.unquote(text) if text else text


@calls("dj_email_url.parse")
def _parse(machine: Interpreter, call: Call) -> Abstract:
    return parsed_url(machine, call.get("url", 0) or Unknown("no URL"), parse, call.place)


@calls("dj_email_url.config")
def _config(machine: Interpreter, call: Call) -> Abstract:
    """Return the settings for the URL in the environment; an empty dict without one."""
    name, default = given(call, "env", 0, "EMAIL_URL"), given(call, "default", 1, None)
    return settings_of_url(machine, name, default, lambda url: parsed_url(machine, url, parse, call.place), call.place)
