"""X-Frame-Options has a value that browsers ignore.

Browsers know `DENY` and `SAMEORIGIN`. `ALLOWALL` and `ALLOW-FROM https://…` are not among them, nor
are both words in one header: the header then counts as not sent, and every site may frame
the pages.

Silent when `frame-ancestors` of the Content-Security-Policy decides, which browsers prefer.

Fix: `X-Frame-Options: SAMEORIGIN`; for one other site `frame-ancestors https://…` in the policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.headers import policy_decides, said, wrong
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
from flask import Flask

app = Flask(__name__)


@app.after_request
def headers(response):
    response.headers["X-Frame-Options"] = "ALLOWALL"  # <- here
    return response
"""


@rule(
    id="no-effect/frame-options",
    severity=Severity.LOW,
    cwe=1021,
    over=App,
    sources=["HTML standard, The X-Frame-Options header", "RFC 7034", "OWASP A02:2025"],
    bad=[
        Bad("no such word", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "no longer known",
            {
                "app.py": APP.replace("ALLOWALL", "ALLOW-FROM https://shop.example.com"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[
        Good(
            "one of the two words", {"app.py": APP.replace("ALLOWALL", "deny"), "Procfile": "web: gunicorn app:app\n"}
        ),
    ],
)
def value_ignored(app: App) -> Iterator[Finding]:
    """Yield a finding for each value that browsers do not know."""
    for headers, case, text in said(app, "x-frame-options"):
        if text.lower() not in {"deny", "sameorigin"} and not policy_decides(headers):
            yield wrong(
                app,
                headers,
                case,
                f"X-Frame-Options is {case}, which browsers ignore",
                "Set `X-Frame-Options: SAMEORIGIN`, or `frame-ancestors` in the Content-Security-Policy.",
                "x-frame-options",
            )
