"""A line looks like a protection and does nothing.

Its author believes the app protected, reviewers read it and go on, and the hole stays. Common
ones: `app.config.SESSION_COOKIE_SECURE = True` sets an attribute that nobody reads (the setting
is `app.config["…"]`), `FLASK_ENV=production` has no meaning since Flask 2.3, `TRUSTED_HOSTS` none
before 3.1; Django's `SECURE_…` settings are read by SecurityMiddleware only; and a name with a slip
in it, such as `SESSION_COOKIE_HTTP_ONLY`, is stored and read by nobody.

Silent for lines that do what they say, for names that the project itself reads, and where the
right setting has that value anyway.

Fix: the finding names the line that works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import SETTINGS, django
from batten.understand.subjects import NoEffect

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)
app.config.SESSION_COOKIE_SECURE = True  # <- here
"""

SLIP = APP.replace("config.SESSION_COOKIE_SECURE", 'config["SESSION_COOKIE_SECURITY"]')


@rule(
    id="no-effect/setting",
    severity=Severity.LOW,
    cwe=1188,
    over=NoEffect,
    sources=["Flask 3.1 docs, Configuration Handling", "OWASP A02:2025"],
    bad=[
        Bad("an attribute in place of a key", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("a slip in the name", {"app.py": SLIP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("a slip in the name, in Django", django("SESSION_COOKIE_SECURITY = True  # <- here")),
        Bad(
            "without the middleware that reads it",
            django(
                "SECURE_HSTS_SECONDS = 31536000  # <- here",
                settings=SETTINGS.replace('    "django.middleware.security.SecurityMiddleware",\n', ""),
            ),
        ),
        Bad(
            "a Flask that does not know the setting yet",
            {
                "app.py": SLIP.replace("SESSION_COOKIE_SECURITY", "TRUSTED_HOSTS").replace(
                    "True", '["shop.example.com"]'
                ),
                "requirements.txt": "flask==3.0.3\n",
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[
        Good(
            "the right name",
            {"app.py": SLIP.replace("SECURITY", "SECURE"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "the project reads the name itself",
            {
                "app.py": SLIP.replace("  # <- here", "")
                + 'app.config["SESSION_COOKIE_SECURE"] = app.config["SESSION_COOKIE_SECURITY"]\n',
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good("with the middleware that reads it", django("SECURE_HSTS_SECONDS = 31536000")),
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
