"""A token is read without checking who made it.

Anybody can write a token with any name and any rights in it; only the signature says that the
app made it. Without the check, a visitor is who he says he is.

Silent when the signature is checked, which is PyJWT's default. A token that is read twice, once
without the check to learn which key it names, wants a suppression with that reason, or
`jwt.get_unverified_header`.

Fix: `jwt.decode(token, key, algorithms=["HS256"])`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import replaced
from batten.understand.subjects import TokenDecode

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

import jwt
from flask import Flask, request

app = Flask(__name__)


@app.get("/me")
def me():
    token = request.headers["Authorization"].removeprefix("Bearer ")
    return jwt.decode(token, options={"verify_signature": False})["sub"]  # <- here
"""

CHECKED = APP.replace('options={"verify_signature": False}', 'os.environ["JWT_KEY"], algorithms=["HS256"]')


@rule(
    id="jwt-verify/signature-off",
    severity=Severity.HIGH,
    cwe=347,
    over=TokenDecode,
    sources=["PyJWT 2.10 docs, jwt.decode, options", "RFC 8725 section 3", "OWASP A02:2025"],
    bad=[
        Bad(
            "switched off",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("False", "True")},
        )
    ],
    good=[Good("checked", {"app.py": CHECKED, "Procfile": "web: gunicorn app:app\n"})],
)
def not_verified(token: TokenDecode) -> Iterator[Finding]:
    """Yield a finding for a token whose signature may not be checked."""
    if token.writes:
        return
    for case in token.verifies.cases():
        if not case.value:
            yield Finding(
                at=token.at,
                says=f"{token.function} believes the token without checking its signature",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=replaced(case, "True", "Check it: give the key and `algorithms` to the call."),
                symbol=token.function,
            )
            return
