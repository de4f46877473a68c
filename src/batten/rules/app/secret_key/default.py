"""A signing key falls back to a literal, and nothing sets another.

`os.environ.get("SECRET_KEY", "dev")` fails open: when the variable is missing or
misspelt in production, the app starts all the same, with a key that stands in
the source. Everyone who has read it can sign a session as any user. No deployment
file of the repository sets the variable, so the literal is what production
uses, unless the host sets it by other means; tell Batten so with `--env-file` or
`--env`.

Silent when a deployment file sets the variable, when the app refuses to start
with the literal (`if key == "dev": raise`), or when there is no fallback.

Fix: `os.environ["SECRET_KEY"]`: without the variable the app then does not
start, which is found in a minute.
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
app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "dev-c1f09bd2")  # <- here
"""

COMPOSE = """\
services:
  web:
    image: python
    command: gunicorn app:app
    env_file: prod.env
"""

GUARD = """\
if app.config["SECRET_KEY"] == "dev-c1f09bd2":
    raise RuntimeError("set SECRET_KEY")
"""


@rule(
    id="secret-key/default",
    severity=Severity.CRITICAL,
    cwe=1188,
    over=App,
    sources=["Flask 3.1 docs, Configuration Handling, SECRET_KEY", "OWASP A02:2025"],
    bad=[
        Bad("a second argument of get()", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "a file that is not in the repository may set it",
            {"app.py": APP, "compose.yaml": COMPOSE},
        ),
        Bad(
            "after `or`",
            {
                "app.py": APP.replace('("SECRET_KEY", "dev-c1f09bd2")', '("SECRET_KEY") or "dev-c1f09bd2"'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[
        Good(
            "the host sets it",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            env={"SECRET_KEY": "8d1f6e0a57c24b39"},
        ),
        Good(
            "the app refuses to start with it",
            {"app.py": APP + GUARD, "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "no fallback",
            {
                "app.py": APP.replace('.get("SECRET_KEY", "dev-c1f09bd2")', '["SECRET_KEY"]'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def key_falls_back(app: App) -> Iterator[Finding]:
    """Yield a finding for each signing key that is a fallback."""
    for key in known(app, Kind.DEFAULT):
        yield key.finding(
            f"{key.names} falls back to a literal that nothing replaces: who reads it can forge {key.forges}",
            'Drop the fallback: `os.environ["SECRET_KEY"]` fails at the start, not in the field.',
            Severity.CRITICAL,
        )
