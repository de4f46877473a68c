"""Links with a secret are built from whatever host the visitor names.

`url_for(…, _external=True)` and `request.host_url` take the host from the request, and the
visitor writes that header. Whoever asks for a password reset in somebody else's name,
with a `Host` of his own, lets the app mail its owner a link to the attacker's site; the
click hands over the token, and with it the account.

Silent when the app checks the host (Flask 3.1's `TRUSTED_HOSTS`), when `SERVER_NAME` is set
and `url_for` builds the link (`request.host_url` does not look at it), on a platform whose
router only hands on the app's own names, and for links without a secret. `possible` where
a proxy of the repository stands before the app, which may refuse other names.

Fix: `TRUSTED_HOSTS = ["shop.example.com"]`; before Flask 3.1 `SERVER_NAME`, or a proxy that
answers for the app's own names only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Evidence, Finding, Fix, Good, Severity, rule
from batten.rules import advice
from batten.understand.stack import Reach
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import secrets

from flask import Flask, request, url_for
from flask_mail import Mail, Message

app = Flask(__name__)
mail = Mail(app)


@app.post("/forgotten")
def forgotten():
    token = secrets.token_urlsafe()
    link = url_for("reset", token=token, _external=True)  # <- here
    mail.send(Message("A new password", [request.form["email"]], link))
    return "sent"
"""

MAIL = "<p>Choose a new password: {{ url_for('reset', token=token, _external=True) }}</p>  # <- here\n"

UNIT = """\
[Service]
WorkingDirectory=/srv/shop
ExecStart=/usr/bin/gunicorn app:app
"""

SHOWN = APP.replace('"reset", token=token', '"offers"').replace("  # <- here", "")


@rule(
    id="allowed-hosts/unchecked",
    severity=Severity.MEDIUM,
    cwe=644,
    over=App,
    sources=[
        "Flask 3.1 docs, Configuration Handling, TRUSTED_HOSTS and SERVER_NAME",
        "OWASP WSTG-INPV-17, Host Header Injection",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("a reset link", {"app.py": APP, "shop.service": UNIT}),
        Bad(
            "in the mail's template",
            {"app.py": SHOWN, "templates/mail/reset.html": MAIL, "shop.service": UNIT},
        ),
        Bad(
            "SERVER_NAME does not reach what is built by hand",
            {
                "app.py": APP.replace(
                    'url_for("reset", token=token, _external=True)', 'request.host_url + "reset/" + token'
                ).replace("\n\n\n@app", '\napp.config["SERVER_NAME"] = "shop.example.com"\n\n\n@app'),
                "shop.service": UNIT,
            },
        ),
    ],
    good=[
        Good(
            "other hosts are refused",
            {
                "app.py": APP.replace("\n\n\n@app", '\napp.config["TRUSTED_HOSTS"] = ["shop.example.com"]\n\n\n@app'),
                "shop.service": UNIT,
            },
        ),
        Good(
            "url_for takes the host from SERVER_NAME",
            {
                "app.py": APP.replace("\n\n\n@app", '\napp.config["SERVER_NAME"] = "shop.example.com"\n\n\n@app'),
                "shop.service": UNIT,
            },
        ),
        Good("a link without a secret", {"app.py": SHOWN, "shop.service": UNIT}),
        Good("the platform's router knows the app's names", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def host_unchecked(app: App) -> Iterator[Finding]:
    """Yield one finding for the links that carry a secret to whatever host the visitor named."""
    links = [link for link in app.host_links if link.carries]
    if not links or app.hosts or app.unit.reach is Reach.PLATFORM:
        return
    behind = bool(app.proxied) or app.unit.reach is Reach.INTERNAL
    shown = links[0]
    yield Finding(
        at=shown.at,
        says=f"{shown.what} puts the visitor's Host into a link with a {shown.carries}",
        evidence=tuple(Evidence(link.at, f"{link.what} builds a link with a {link.carries}") for link in links[:5]),
        confidence=Confidence.POSSIBLE if behind else Confidence.LIKELY,
        fix=Fix(advice.hosts(app)),
        symbol="host of links",
    )
