"""A view is taken out of CSRF protection.

`csrf.exempt` (Flask-WTF) and `@csrf_exempt` (Django) let requests through without a token. Where
the view knows its caller by the session cookie, any page that the visitor opens can make
that request in his name: log him in as somebody else, change his address, buy.

Low when the name says that programs call it (an interface, a webhook): that is right as
long as they prove who they are by a header or a signature, not by a cookie. Medium
for the others.

Silent without exemptions, and for a view that checks a signature or an `Authorization` header itself.

Fix: take the exemption away and send the token: `{{ csrf_token() }}` or `{% csrf_token %}` in
forms, the header `X-CSRFToken` from scripts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Evidence, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import CsrfGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask, redirect, request, session
from flask_wtf import CSRFProtect

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
csrf = CSRFProtect(app)


@app.post("/address")
@csrf.exempt  # <- here
def address():
    session["address"] = request.form["address"]
    return redirect("/")
"""

BLUEPRINT = """\
import os

from flask import Blueprint, Flask, redirect, request, session
from flask_wtf import CSRFProtect

account = Blueprint("account", __name__)


@account.post("/address")
def address():
    session["address"] = request.form["address"]
    return redirect("/")


app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
csrf = CSRFProtect(app)
csrf.exempt(account)  # <- here
app.register_blueprint(account)
"""


@rule(
    id="csrf/exempt",
    severity=Severity.MEDIUM,
    cwe=352,
    over=CsrfGuard,
    sources=["Flask-WTF 1.2 CSRFProtect.exempt", "OWASP A02:2025"],
    bad=[
        Bad("a view", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("a blueprint", {"app.py": BLUEPRINT, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good(
            "a webhook that checks the sender's signature",
            {
                "app.py": APP.replace("  # <- here", "").replace(
                    "    session[",
                    '    if not hmac.compare_digest(made(request.data), request.headers["X-Signature"]):\n'
                    '        return "no", 403\n    session[',
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "no exemption",
            {"app.py": APP.replace("@csrf.exempt  # <- here\n", ""), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def view_exempt(guard: CsrfGuard) -> Iterator[Finding]:
    """Yield a finding for each view or blueprint that needs no token; one for all when they are many."""
    if len(guard.exempt) > MOST_TOLD:
        names = ", ".join(name for name, _ in guard.exempt[:3])
        yield Finding(
            at=guard.exempt[0][1],
            says=f"{len(guard.exempt)} views are exempt from CSRF protection ({names} and more)",
            evidence=tuple(Evidence(at, f"{name} is exempt") for name, at in guard.exempt[:10]),
            fix=Fix("Take the exemptions away and send the token, where a cookie says who calls."),
            symbol="many views",
        )
        return
    for name, at in guard.exempt:
        yield Finding(
            at=at,
            says=f"{name} is exempt from CSRF protection",
            severity=Severity.LOW if _FOR_PROGRAMS.search(name) else Severity.MEDIUM,
            fix=Fix("Take the exemption away and send the token, where a cookie says who calls."),
            symbol=name,
        )


MOST_TOLD = 10
_FOR_PROGRAMS = re.compile(r"(?:^|[._])(?:api|rest|graphql|rpc)|hook|callback|notif(?:y|ication)|ipn", re.IGNORECASE)
