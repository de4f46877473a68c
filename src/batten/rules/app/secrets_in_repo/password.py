"""A password for a service stands in the repository.

Everyone who can read the repository, an image made from it or a backup has the
account: the database, the mail server, the queue. It cannot be changed without a
deploy, so it never is, and deleting the line does not help: the history keeps it.

Severity: high when the service stands on another machine, medium on the same one
or inside the deployment.

Silent when the value comes from outside the repository, or the file is one that
`.gitignore` keeps out. A password that everybody knows is told by
`default-credentials/database-url`.

Fix: `os.environ["DATABASE_URL"]` without a fallback, and a new password: this one
is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dsn import accounts
from batten.rules.form import first, one_per_place
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://shop:Vq7nN2hX9sT4@db.example.net/shop"  # <- here
"""


@rule(
    id="secrets-in-repo/password",
    severity=Severity.MEDIUM,
    cwe=540,
    over=App,
    sources=["OWASP A02:2025", "OWASP Secrets Management Cheat Sheet"],
    bad=[Bad("in the URL", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good(
            "the URL comes from the environment",
            {
                "app.py": APP.replace(
                    '"postgresql://shop:Vq7nN2hX9sT4@db.example.net/shop"', 'os.environ["DATABASE_URL"]'
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "only the password does",
            {
                "app.py": APP.replace(
                    '"postgresql://shop:Vq7nN2hX9sT4@db.example.net/shop"',
                    "f\"postgresql://shop:{os.environ['DB_PASSWORD']}@db.example.net/shop\"",
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def committed_password(app: App) -> Iterator[Finding]:
    """Yield a finding for each password that a file of the repository holds."""
    yield from one_per_place(
        Finding(
            at=at,
            says=f"the password in {credential.setting} stands in the repository",
            evidence=tuple(evidence.hidden() for evidence in case.evidence),
            confidence=case.confidence,
            severity=Severity.HIGH if account.is_remote else Severity.MEDIUM,
            fix=Fix("Read it from the environment without a fallback, and change it: this one is known."),
            symbol=credential.setting,
            proof=account.password,
            secret=True,
        )
        for credential in app.credentials
        for case in credential.value.cases()
        if isinstance(case.value, str) and (at := first(case.at, app.at)).file not in {None, *app.uncommitted}
        for account in accounts(case.value)
        if not account.is_default
    )
