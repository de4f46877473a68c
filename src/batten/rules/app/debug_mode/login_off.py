"""Flask-Login is switched off: every page that asks for a login is open.

`LOGIN_DISABLED` is made for unit tests. While it is true, `@login_required` and
`@fresh_login_required` let everybody through, and `current_user` is the
anonymous user; nothing on the pages says so. Anyone who connects reads and does
what was meant for users who are logged in.

Silent when it is off or unset, or the app does not use Flask-Login.

Fix: delete the setting; in tests write `app.config.update(LOGIN_DISABLED=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import first, replaced
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask
from flask_login import LoginManager, login_required

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["LOGIN_DISABLED"] = True  # <- here
login = LoginManager(app)


@app.get("/accounts")
@login_required
def accounts():
    return "all of them"
"""


@rule(
    id="debug-mode/login-off",
    severity=Severity.CRITICAL,
    cwe=306,
    over=App,
    sources=["Flask-Login 0.6 flask_login.utils.login_required", "OWASP A02:2025"],
    bad=[
        Bad(
            "a switch for the tests was left on",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("True", "False")},
        )
    ],
    good=[
        Good("off", {"app.py": APP.replace("True", "False"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "nothing reads the setting without Flask-Login",
            {
                "app.py": 'from flask import Flask\n\napp = Flask(__name__)\napp.config["LOGIN_DISABLED"] = True\n',
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def login_disabled(app: App) -> Iterator[Finding]:
    """Yield a finding for each true value that LOGIN_DISABLED can have."""
    if not any(name.startswith("flask_login") for name in app.extensions):
        return
    for case in app.setting("LOGIN_DISABLED").cases():
        if case.value:
            yield Finding(
                at=first(case.at, app.at),
                says=f"LOGIN_DISABLED is {case}: @login_required lets everybody through",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=replaced(case, "False", "Delete it; set LOGIN_DISABLED where the tests make the app."),
                symbol="LOGIN_DISABLED",
            )
