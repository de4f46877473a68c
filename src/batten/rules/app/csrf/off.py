"""CSRF protection is installed and switched off.

Any page that the visitor opens can send a form to the app with the visitor's
cookies. A token in the form stops that, unless the guard is off: `WTF_CSRF_ENABLED`
(Flask-WTF) is False, which is made for tests; `WTF_CSRF_CHECK_DEFAULT` is, after which only
views that call `csrf.protect()` themselves are guarded; `CSRF_DISABLE` (Flask-SeaSurf) is
True; `JWT_COOKIE_CSRF_PROTECT` (Flask-JWT-Extended) is False while tokens come in cookies that SameSite
does not keep back; Tornado's `xsrf_cookies` is off; Django's `CsrfViewMiddleware` was taken out of
MIDDLEWARE while sessions stayed.

Silent when it is on, and when the setting is made only where tests are.

Fix: delete the setting, put the middleware back; an interface for programs is exempted
by itself, with `csrf.exempt(blueprint)` or `@csrf_exempt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import first, one_per_place, replaced
from batten.rules.samples import django
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

SEASURF = (
    APP.replace("flask_wtf", "flask_seasurf")
    .replace("CSRFProtect", "SeaSurf")
    .replace('"WTF_CSRF_ENABLED"] = False', '"CSRF_DISABLE"] = True')
)

TOKENS = """\
import os

from flask import Flask
from flask_jwt_extended import JWTManager

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = os.environ["JWT_SECRET_KEY"]
app.config["JWT_TOKEN_LOCATION"] = ["cookies"]
app.config["JWT_COOKIE_CSRF_PROTECT"] = False  # <- here
JWTManager(app)
"""

SETTINGS = """\
import os

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["shop.example.com"]
ROOT_URLCONF = "urls"
MIDDLEWARE = [  # <- here
    "django.contrib.sessions.middleware.SessionMiddleware",
]
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
            "Flask-SeaSurf's switch",
            {"app.py": SEASURF, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": SEASURF.replace("True", "False")},
        ),
        Bad(
            "tokens in cookies",
            {"app.py": TOKENS, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": TOKENS.replace("False", "True")},
        ),
        Bad("Django's middleware was taken out", django(settings=SETTINGS)),
        Bad(
            "only views that ask for it are guarded",
            {"app.py": APP.replace("ENABLED", "CHECK_DEFAULT"), "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("ENABLED", "CHECK_DEFAULT").replace("False", "True")},
        ),
    ],
    good=[
        Good(
            "Django's middleware is there",
            django(settings=SETTINGS.replace("[  # <- here", '[\n    "django.middleware.csrf.CsrfViewMiddleware",')),
        ),
        Good(
            "tokens in headers need no guard",
            {"app.py": TOKENS.replace('"cookies"', '"headers"'), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "the token's cookie stays out of other sites' requests",
            {
                "app.py": TOKENS.replace("\nJWTManager(", '\napp.config["JWT_COOKIE_SAMESITE"] = "Lax"\nJWTManager('),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
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
    name, _, listed = setting.partition(" in ")
    turned = setting.endswith("_DISABLE")  # Flask-SeaSurf's switch has the other sense
    state = f"not in {listed}" if listed else f"{True if turned else case}"
    fix = f"Put it back into {listed}" if listed else f"Switch the protection on again ({setting})"
    return Finding(
        at=first(case.at, guard.at),
        says=f"{name} is {state}: forms from other sites are accepted",
        evidence=case.evidence,
        confidence=case.confidence,
        fix=replaced(case, str(not turned), f"{fix}; exempt only what programs call."),
        symbol=name,
    )
