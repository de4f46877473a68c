"""A cookie that the code sets by hand lacks a flag that it could have.

`cookie-flags/set-cookie` asks for each flag where the cookie's name says that it is a
login, and for `Secure` alone otherwise. A name may say little: `data`, `id`, `u`. All
three flags cost nothing where no script reads the cookie.

Told to auditors only.

Silent when the flags are on or cannot be told.

Fix: `set_cookie(name, value, secure=True, httponly=True, samesite="Lax")`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, State, rule
from batten.rules.app.cookie_flags.set_cookie import missing_flags
from batten.rules.form import first
from batten.understand.subjects import Cookie

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask, make_response

app = Flask(__name__)


@app.get("/")
def index():
    response = make_response("hello")
    response.set_cookie("data", "…", secure=True)  # <- here
    return response
"""


@rule(
    id="cookie-flags/set-cookie-strict",
    severity=Severity.LOW,
    cwe=1004,
    over=Cookie,
    persona="auditor",
    sources=["RFC 6265 section 4.1.2", "OWASP Session Management Cheat Sheet"],
    bad=[Bad("two are missing", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good(
            "all three",
            {
                "app.py": APP.replace("secure=True", 'secure=True, httponly=True, samesite="Lax"'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def could_have_more(cookie: Cookie) -> Iterator[Finding]:
    """Yield a finding for a hand-set cookie without HttpOnly or SameSite that the other rule lets pass."""
    if cookie.role != "set" or missing_flags(cookie):
        return
    flags = [
        name
        for name, flag in (("HttpOnly", cookie.httponly), ("SameSite", cookie.samesite))
        if flag.state is State.KNOWN and not flag.value
    ]
    if flags:
        yield Finding(
            at=first(cookie.at),
            says=f"{cookie.name!r} is set without {' and '.join(flags)}",
            fix=Fix('Add `httponly=True, samesite="Lax"` to the call.'),
            symbol=f"cookie {cookie.name}",
            proof=" ".join(flags),
        )
