"""The app creates an account whose password everybody knows.

`admin` and `admin`, `test` and `test`: such accounts are made to have something to log in with, at the first
start or by a script, and stay. Programs try exactly these on every login page, all day long.
The first administrator then is somebody else.

The value is judged: a password that vendors and tutorials print, or the user's own name. It is
followed into `generate_password_hash`, `create_user`, `create_superuser` and the app's own
`set_password`, also where it is a fallback (`os.environ.get("ADMIN_PASSWORD", "admin")`).

Silent for passwords from outside without a fallback, for random ones, and for code that production does
not reach.

Fix: `os.environ["ADMIN_PASSWORD"]` without a fallback, or a random password that is printed once
and has to be changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dsn import Account
from batten.rules.form import first, one_per_place
from batten.rules.samples import django
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value
    from batten.understand.subjects import SeededUser

APP = """\
import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import generate_password_hash

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80))
    password = db.Column(db.String(200))

    def set_password(self, text):
        self.password = generate_password_hash(text)


with app.app_context():
    db.create_all()
    if not User.query.first():
        user = User(name="admin")
        user.set_password("admin")  # <- here
        db.session.add(user)
        db.session.commit()
"""

FALLBACK = APP.replace('"admin")  # <- here', 'os.environ.get("ADMIN_PASSWORD", "changeme"))  # <- here')

PLAIN = APP.replace(
    'name="admin")\n        user.set_password("admin")  # <- here', 'name="admin", password="admin")  # <- here'
)

IMAGE = {
    "Dockerfile": """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
ENV DJANGO_SUPERUSER_USERNAME=admin
ENV DJANGO_SUPERUSER_PASSWORD=admin  # <- here
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "wsgi"]
"""
}


@rule(
    id="default-credentials/seeded-user",
    severity=Severity.HIGH,
    cwe=1392,
    over=App,
    sources=["OWASP WSTG-ATHN-02, Testing for Default Credentials", "ASVS 5.0, 6.3.2", "OWASP A02:2025"],
    bad=[
        Bad("admin, with that password", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("a fallback that nothing replaces", {"app.py": FALLBACK, "Procfile": "web: gunicorn app:app\n"}),
        Bad("stored as it is", {"app.py": PLAIN, "Procfile": "web: gunicorn app:app\n"}),
        Bad("Django's createsuperuser, by the image", {**django(), **IMAGE}),
    ],
    good=[
        Good(
            "the image leaves the password to the host",
            {
                **django(),
                "Dockerfile": IMAGE["Dockerfile"].replace("ENV DJANGO_SUPERUSER_PASSWORD=admin  # <- here\n", ""),
            },
        ),
        Good(
            "the host sets the password",
            {"app.py": FALLBACK, "Procfile": "web: gunicorn app:app\n"},
            env={"ADMIN_PASSWORD": "Vq7nN2hX9sT4wK8bR3mZ"},
        ),
        Good(
            "without a fallback",
            {
                "app.py": APP.replace('"admin")  # <- here', 'os.environ["ADMIN_PASSWORD"])'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "a random one",
            {
                "app.py": APP.replace("import os\n", "import os\nimport secrets\n").replace(
                    '"admin")  # <- here', "secrets.token_urlsafe())"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "in a script that production does not start",
            {
                "app.py": APP.partition("\n\nwith app")[0] + "\n",
                "seed.py": 'from app import User\n\nuser = User(name="admin")\nuser.set_password("admin")\n',
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def known_account(app: App) -> Iterator[Finding]:
    """Yield a finding for each account that is created with a password that everybody knows."""
    yield from one_per_place(
        _finding(seeded, case)
        for seeded in app.seeded
        for case in seeded.password.cases()
        if _is_known(seeded, case.value)
    )


def _is_known(seeded: SeededUser, password: object) -> bool:
    text = password.decode("latin-1") if isinstance(password, bytes) else password
    if not isinstance(text, str):
        return False
    users = [case.value for case in seeded.user.cases() if isinstance(case.value, str)] or [""]
    return any(Account(user.partition("@")[0], text, "").is_default for user in users)


def _finding(seeded: SeededUser, case: Value) -> Finding:
    user = next((str(one.value) for one in seeded.user.cases() if one.value), "")
    text = case.value.decode("latin-1") if isinstance(case.value, bytes) else str(case.value)
    return Finding(
        at=first(case.at, seeded.at),
        says=f"{seeded.how} gives {repr(user) if user else 'an account'} a password that everybody knows",
        evidence=tuple(evidence.hidden() for evidence in case.evidence),
        confidence=case.confidence,
        fix=Fix('Read it with `os.environ["ADMIN_PASSWORD"]`, or make a random one and print it once.'),
        symbol="seeded user",
        proof=text,
        secret=True,
    )
