"""Nothing limits how often a visitor may try to log in.

A list of leaked passwords is tried in minutes: some account opens. Hashing slows each
try down, and keeps the workers busy with it.

Told to auditors only: a proxy, a gateway or a provider of logins may limit before the
app.

Silent when anything that was read speaks of a limit: Flask-Limiter, slowapi,
django-axes, django-ratelimit, throttle classes, `limit_req` of nginx.

Fix: Flask-Limiter, `@limiter.limit("5/minute")` on the view, with a store that all
workers share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import LoginDoor

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")  # <- here
def login():
    return request.form["user"]
"""

LIMITED = APP.replace(
    "app = Flask(__name__)\n",
    "app = Flask(__name__)\nlimiter = Limiter(get_remote_address, app=app)\n",
).replace("import Flask, request\n", "import Flask, request\nfrom flask_limiter import Limiter\n")


@rule(
    id="rate-limit/login",
    severity=Severity.LOW,
    cwe=770,
    over=LoginDoor,
    persona="auditor",
    sources=["ASVS 5.0 6.3.1", "CWE-307", "OWASP Authentication Cheat Sheet, Protect Against Automated Attacks"],
    bad=[Bad("a form", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good("limited", {"app.py": LIMITED, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "nobody logs in",
            {"app.py": APP.replace('"/login"', '"/search"'), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def open_door(door: LoginDoor) -> Iterator[Finding]:
    """Yield a finding for a route to log in at that nothing limits."""
    yield Finding(
        at=door.at,
        says=f"nothing limits how often {door.path} may be tried",
        fix=Fix("Limit it by address and by account, with a store that all workers share."),
        symbol=door.path,
    )
