"""A token may come without a signature (the algorithm `none`).

`jwt.encode(…, algorithm="none")` writes tokens that nobody signed: whoever reads them has to skip
the check, and then anybody can write one. That is high.

A reader that lists `none` among its algorithms asks to be believed without a signature. PyJWT 2
refuses such a token all the same; other libraries, and versions from before 2015, do not. That
is low.

Silent for lists of real algorithms.

Fix: sign with a key, and read with the one algorithm in use: `algorithms=["HS256"]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import TokenDecode

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITER = """\
import jwt
from flask import Flask

app = Flask(__name__)


@app.get("/token/<name>")
def token(name):
    return jwt.encode({"sub": name}, None, algorithm="none")  # <- here
"""

READER = """\
import os

import jwt
from flask import Flask

app = Flask(__name__)


@app.get("/me/<token>")
def me(token):
    return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256", "none"])["sub"]  # <- here
"""


@rule(
    id="jwt-verify/none-algorithm",
    severity=Severity.HIGH,
    cwe=347,
    over=TokenDecode,
    sources=["PyJWT 2.10 jwt.algorithms.NoneAlgorithm", "RFC 8725 section 3.2", "OWASP A02:2025"],
    bad=[
        Bad("written without", {"app.py": WRITER, "Procfile": "web: gunicorn app:app\n"}),
        Bad("read without", {"app.py": READER, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good(
            "signed",
            {
                "app.py": WRITER.replace('None, algorithm="none"', 'app.secret_key, algorithm="HS256"'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "one algorithm",
            {"app.py": READER.replace(', "none"', ""), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def unsigned(token: TokenDecode) -> Iterator[Finding]:
    """Yield a finding for a token that may be written or read without a signature."""
    for case in token.algorithms.cases():
        if "none" in _algorithms(case.value):
            yield Finding(
                at=token.at,
                says=f"{token.function} {'writes' if token.writes else 'takes'} tokens without a signature",
                evidence=case.evidence,
                confidence=case.confidence,
                severity=Severity.HIGH if token.writes else Severity.LOW,
                fix=Fix('Name the one algorithm in use, `algorithms=["HS256"]`, with a key.'),
                symbol=token.function,
            )
            return


def _algorithms(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(str(one).lower() for one in listed if one is not None)
