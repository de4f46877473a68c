"""The signing key is another one after every start.

`secrets.token_hex()` or `os.urandom()` at import is safe from readers of the
repository. But every restart and every deploy logs all visitors out, and each
process makes its own: with several workers or containers a session that one of
them signed is worthless to the next. People then tend to write a constant in
its place.

Silent when the key is made once and stored outside the repository.

Fix: make a key once, keep it with the platform's secrets, and read it with
`os.environ["SECRET_KEY"]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, State, rule
from batten.rules.form import first, one_per_place
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os
import secrets

from flask import Flask

app = Flask(__name__)
app.secret_key = secrets.token_hex(32)  # <- here
"""


@rule(
    id="secret-key/random-per-start",
    severity=Severity.INFO,
    cwe=1188,
    over=App,
    sources=["Flask 3.1 docs, Configuration Handling, SECRET_KEY"],
    bad=[Bad("made at import", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good(
            "made once, read at every start",
            {
                "app.py": APP.replace("secrets.token_hex(32)", 'os.environ["SECRET_KEY"]'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "read from a file that the platform mounts",
            {
                "app.py": APP.replace("secrets.token_hex(32)", 'open("/run/secrets/key").read()'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def key_is_random(app: App) -> Iterator[Finding]:
    """Yield a finding for each signing key that is made at the start."""
    yield from one_per_place(
        Finding(
            at=first(key.value.at, app.at),
            says=f"{key.setting} is made anew at every start: {key.signs} ends with the process",
            evidence=key.value.evidence,
            severity=Severity.INFO,
            fix=Fix('Make a key once, keep it outside the repository, read `os.environ["SECRET_KEY"]`.'),
            symbol=key.setting,
        )
        for key in app.keys
        if key.value.state is State.RUNTIME and "random" in key.value.why
    )
