"""CSRF protection is installed and switched off.

Any page that the visitor opens can send a form to the app with the visitor's
cookies. Flask-WTF's token stops that, unless `WTF_CSRF_ENABLED` is False, which is
made for tests, or `WTF_CSRF_CHECK_DEFAULT` is, after which only views that call
`csrf.protect()` themselves are guarded.

Silent when it is on, and when the setting is made only where tests are.

Fix: delete the setting; an interface for programs is exempted by itself, with
`csrf.exempt(blueprint)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import first, one_per_place, replaced
from batten.understand.subjects import CsrfGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value

APP = """\
import os

from flask import Flask
from flask_wtf import CSRFProtect

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["WTF_CSRF_ENABLED"] = False  # <- here
csrf = CSRFProtect(app)
"""


@rule(
    id="csrf/off",
    severity=Severity.MEDIUM,
    cwe=352,
    over=CsrfGuard,
    sources=["Flask-WTF 1.2 docs, Configuration", "OWASP A02:2025"],
    bad=[
        Bad(
            "a switch for the tests was left off",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("False", "True")},
        ),
        Bad(
            "only views that ask for it are guarded",
            {"app.py": APP.replace("ENABLED", "CHECK_DEFAULT"), "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("ENABLED", "CHECK_DEFAULT").replace("False", "True")},
        ),
    ],
    good=[
        Good("on", {"app.py": APP.replace("False", "True"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "off only in the tests",
            {
                "app.py": APP.replace('app.config["WTF_CSRF_ENABLED"] = False  # <- here\n', ""),
                "test_app.py": 'from app import app\n\napp.config["WTF_CSRF_ENABLED"] = False\n',
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def protection_off(guard: CsrfGuard) -> Iterator[Finding]:
    """Yield a finding for each setting that may switch the guard off."""
    default = guard.setting.replace("_ENABLED", "_CHECK_DEFAULT")
    yield from one_per_place(
        (
            *(_finding(guard, case, guard.setting) for case in guard.enabled.cases() if not case.value),
            *(_finding(guard, case, default) for case in guard.check_default.cases() if not case.value),
        )
    )


def _finding(guard: CsrfGuard, case: Value, setting: str) -> Finding:
    return Finding(
        at=first(case.at, guard.at),
        says=f"{setting} is {case}: forms from other sites are accepted",
        evidence=case.evidence,
        confidence=case.confidence,
        fix=replaced(case, "True", f"Switch `{setting}` on; exempt only what programs call."),
        symbol=setting,
    )
