"""A signing key can be guessed.

A session cookie is signed, so whoever holds one can try keys against it on his
own machine, millions a second, unseen. Lists of the keys that documentations and
tutorials print are the first to be tried (`flask-unsign` brings one). A key
that fits is worth as much as a published one: a session of any user.

A key of fewer than 16 characters counts as weak, and every known sample. For
tokens signed with HS256 RFC 7518 asks for 32 bytes.

Silent for keys that are long and random, and for those in the repository: the
other rules of this topic tell them, with this weakness in the message.

Fix: `python -c "import secrets; print(secrets.token_hex())"` makes a key of 64
characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.app.secret_key._known import Kind, known
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
"""

FILES = {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}


@rule(
    id="secret-key/weak",
    severity=Severity.HIGH,
    cwe=1391,
    over=App,
    sources=[
        "Flask 3.1 docs, Configuration Handling, SECRET_KEY",
        "RFC 7518 section 3.2",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("the host sets a sample", FILES, env={"SECRET_KEY": "change-me  # <- here"}),
        Bad("the host sets a short one", FILES, env={"SECRET_KEY": "x7Qp2z  # <- here"}),
    ],
    good=[
        Good("long and random", FILES, env={"SECRET_KEY": "b1946ac92492d2347c6235b4d2611184"}),
    ],
)
def key_is_weak(app: App) -> Iterator[Finding]:
    """Yield a finding for each private signing key that can be guessed."""
    for key in known(app, Kind.PRIVATE):
        if key.weakness:
            is_sample = "sample" in key.weakness
            yield key.finding(
                f"{key.names} is {key.weakness}: it can be guessed, and with it {key.forges} forged",
                'Make one with `python -c "import secrets; print(secrets.token_hex())"`.',
                Severity.CRITICAL if is_sample else Severity.HIGH,
            )
