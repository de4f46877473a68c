"""A line looks like a protection and does nothing.

Its author believes the app protected, reviewers read it and go on, and the hole stays. Common
ones: `app.config.SESSION_COOKIE_SECURE = True` sets an attribute that nobody reads (the setting
is `app.config["…"]`), `FLASK_ENV=production` has no meaning since Flask 2.3, a setting of an
extension that is not installed.

Silent for lines that do what they say.

Fix: the finding names the line that works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import NoEffect

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)
app.config.SESSION_COOKIE_SECURE = True  # <- here
"""


@rule(
    id="no-effect/setting",
    severity=Severity.LOW,
    cwe=1188,
    over=NoEffect,
    sources=["Flask 3.1 docs, Configuration Handling", "OWASP A02:2025"],
    bad=[Bad("an attribute in place of a key", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good(
            "the setting",
            {
                "app.py": APP.replace("app.config.SESSION_COOKIE_SECURE", 'app.config["SESSION_COOKIE_SECURE"]'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def nothing_happens(line: NoEffect) -> Iterator[Finding]:
    """Yield the finding about a line without effect."""
    yield Finding(
        at=line.at,
        says=line.says,
        evidence=line.evidence,
        fix=Fix(line.instead),
        symbol=line.setting,
    )
