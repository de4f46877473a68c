"""New passwords are not checked.

`a`, `123456` and the user's own name will do, and people take them. Lists of the passwords
that everybody takes are tried against every login page, a few a day, below any limit; each
account that falls is one more way in.

Silent when at least one check is made (Django's `AUTH_PASSWORD_VALIDATORS`; Flask-Security with
its eight characters), and for apps without such a setting.

Fix: in Django the four validators that `startproject` writes; in Flask-Security
`SECURITY_PASSWORD_LENGTH_MIN = 12`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.rules.form import first
from batten.rules.samples import django
from batten.understand.subjects import PasswordPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask
from flask_security import Security

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SECURITY_PASSWORD_SALT"] = os.environ["SECURITY_PASSWORD_SALT"]
app.config["SECURITY_PASSWORD_LENGTH_MIN"] = 4  # <- here
security = Security(app)
"""

USERS = 'INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]'


@rule(
    id="password-policy/no-validators",
    severity=Severity.LOW,
    cwe=521,
    over=PasswordPolicy,
    sources=[
        "Django 5.2 docs, Password validation",
        "Flask-Security 5.9 docs, SECURITY_PASSWORD_LENGTH_MIN",
        "NIST SP 800-63B section 5.1.1.2",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("Django's list, emptied", django(USERS, "AUTH_PASSWORD_VALIDATORS = []  # <- here")),
        Bad("four characters will do", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good(
            "one of Django's",
            django(
                USERS,
                "AUTH_PASSWORD_VALIDATORS = "
                '[{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]',
            ),
        ),
        Good("Django without users", django("AUTH_PASSWORD_VALIDATORS = []")),
        Good("twelve", {"app.py": APP.replace("= 4", "= 12"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "Flask-Security's default",
            {
                "app.py": APP.replace('app.config["SECURITY_PASSWORD_LENGTH_MIN"] = 4  # <- here\n', ""),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def passwords_unchecked(policy: PasswordPolicy) -> Iterator[Finding]:
    """Yield a finding where nothing checks a new password."""
    for case in policy.validators.cases():
        if not case.value:
            yield Finding(
                at=first(case.at, policy.at),
                says="new passwords are not checked: short and common ones will do",
                evidence=case.evidence,
                confidence=case.confidence.weakest(Confidence.LIKELY) if case.default else case.confidence,
                fix=Fix("Ask for twelve characters, and refuse the passwords that everybody takes."),
                symbol="password validators",
            )
            return
