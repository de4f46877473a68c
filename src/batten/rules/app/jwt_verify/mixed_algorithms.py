"""A token chooses whether a shared key or a key pair signs it.

A reader that takes `HS256` and `RS256` with one key can be given the public key, which everybody
has, as the shared one: a token signed with it by anybody passes. PyJWT 2 refuses a key that looks
like a public one for `HS256`, other forms of keys and other libraries slip through.

Silent for algorithms of one family.

Fix: name the one algorithm in use: `algorithms=["RS256"]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import TokenDecode

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

import jwt
from flask import Flask

app = Flask(__name__)


@app.get("/me/<token>")
def me(token):
    return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256", "RS256"])["sub"]  # <- here
"""


@rule(
    id="jwt-verify/mixed-algorithms",
    severity=Severity.MEDIUM,
    cwe=347,
    over=TokenDecode,
    sources=["PyJWT 2.10 jwt.algorithms.HMACAlgorithm.prepare_key", "RFC 8725 section 3.1", "OWASP A02:2025"],
    bad=[Bad("both families", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good("one", {"app.py": APP.replace('"HS256", ', ""), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "two of one family",
            {"app.py": APP.replace("HS256", "RS512"), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def families_mixed(token: TokenDecode) -> Iterator[Finding]:
    """Yield a finding for a reader that lets the token choose the family of its key."""
    for case in token.algorithms.cases():
        listed = case.value if isinstance(case.value, (list, tuple)) else ()
        shared = [one for one in listed if str(one).upper().startswith("HS")]
        paired = [one for one in listed if str(one).upper().startswith(("RS", "PS", "ES", "ED"))]
        if shared and paired and not token.writes:
            yield Finding(
                at=token.at,
                says=f"{token.function} takes {shared[0]} and {paired[0]} with one key",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=Fix("Name the one algorithm in use."),
                symbol=token.function,
            )
            return
