"""Flask's TESTING is on in production.

It tells Flask and its extensions that a test is running. Flask then hands
every unhandled error past the app's error pages to the server, Flask-WTF's
reCAPTCHA says yes without asking, Flask-Mail sends nothing, and other
extensions leave out checks of their own. None of it makes a noise.

Any value that is true in Python turns it on, the text "no" too.

Silent when it is off, or set only where tests are made.

Fix: delete the setting; in tests write `app.config.update(TESTING=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import first, replaced
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)
app.config["TESTING"] = True  # <- here
"""


@rule(
    id="debug-mode/testing",
    severity=Severity.MEDIUM,
    cwe=489,
    over=App,
    sources=[
        "Flask 3.1 docs, Configuration Handling, TESTING",
        "Flask-WTF 1.2 flask_wtf.recaptcha.validators.Recaptcha",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "set beside the other settings",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("True", "False")},
        ),
        Bad(
            "a text that is not empty is true",
            {"app.py": APP.replace("True", '"no"'), "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("True", "False")},
        ),
    ],
    good=[
        Good(
            "off",
            {"app.py": APP.replace("True", "False"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "on only in the tests",
            {
                "app.py": APP.replace('app.config["TESTING"] = True  # <- here\n', ""),
                "test_app.py": 'from app import app\n\napp.config["TESTING"] = True\n',
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def testing_on(app: App) -> Iterator[Finding]:
    """Yield a finding for each true value that TESTING can have."""
    if app.framework == "quart":
        return  # debug-mode/quart tells it
    for case in app.setting("TESTING").cases():
        if case.value:
            yield Finding(
                at=first(case.at, app.at),
                says=f"TESTING is {case}",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=replaced(case, "False", "Delete it; set TESTING where the tests make the app."),
                symbol="TESTING",
            )
