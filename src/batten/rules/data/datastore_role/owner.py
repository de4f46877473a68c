"""The app's role owns its database, or may do everything on it.

Who owns tables may drop them and change what others may; an injection then does too. Two roles, one that migrates and
one that serves, keep that from the app.

For auditors: most projects migrate with the role that serves. Silent for roles that no app of the repository is known
to log in as.

Fix: a role for migrations that owns, and one for the app with `SELECT, INSERT, UPDATE, DELETE`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.stores.rights import Right

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://shop:Vq7nN2hX9sT4wK8bR3mZ@db/shop"
"""


@rule(
    id="datastore-role/owner",
    severity=Severity.LOW,
    cwe=250,
    over=Right,
    persona="auditor",
    sources=["CIS PostgreSQL 17 Benchmark 4.5", "ASVS 5.0, 13.2.2"],
    bad=[
        Bad(
            "of the database",
            {
                "app.py": APP,
                "Procfile": "web: gunicorn app:app\n",
                "init.sql": "CREATE DATABASE shop OWNER shop;  # <- here\n",
            },
        ),
    ],
    good=[
        Good(
            "another role owns",
            {
                "app.py": APP,
                "Procfile": "web: gunicorn app:app\n",
                "init.sql": "CREATE DATABASE shop OWNER keeper;\n",
            },
        ),
    ],
)
def app_owns(right: Right) -> Iterator[Finding]:
    """Yield a finding for what an app's role owns."""
    if right.kind == "owner" and right.is_apps:
        yield Finding(
            right.at,
            f"{right.user}, as which an app logs in, {right.says}",
            confidence=right.confidence,
            fix=Fix("let a role for migrations own it"),
            symbol=right.user,
        )
