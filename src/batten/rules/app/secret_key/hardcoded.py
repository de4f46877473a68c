"""A key that signs sessions or tokens is written in the source.

Flask and Starlette keep a session in the visitor's own cookie; the key is all that
stops a visitor from writing one. Django signs password-reset links with it. Everyone
who has ever read the repository, an image made from it or a backup can sign a
session as any user, the administrator too, with two lines of Python
(`itsdangerous`), and nobody sees a login. Deleting the
line does not help: the history keeps it, so the key has to be a new one.

Silent when the key comes from the environment or a file at run time, when a
guard refuses the literal, or when it is overwritten before the app runs. A key
in a deployment file is told by `secret-key/published`, a fallback by
`secret-key/default`.

Fix: `SECRET_KEY = os.environ["SECRET_KEY"]`, and a new key made with
`python -c "import secrets; print(secrets.token_hex())"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules import samples
from batten.rules.app.secret_key._known import Kind, known
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask

app = Flask(__name__)
app.secret_key = "Vq7nN2hX9sT4wK8bR3mZ"  # <- here
"""

SETTINGS = """\
class Production:
    SECRET_KEY = "Vq7nN2hX9sT4wK8bR3mZ"  # <- here
"""

LOADS = """\
import os

from flask import Flask

app = Flask(__name__)
app.config.from_object("settings.Production")
"""

LINKS = """\
import os

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/invitation")
def invitation():
    return URLSafeTimedSerializer("Vq7nN2hX9sT4wK8bR3mZ").dumps("a@b.example")  # <- here
"""

KEPT = '"django-insecure-x9v!k2@w7r#q4t$z6p%m8n^b3c&y5"  # <- here'


@rule(
    id="secret-key/hardcoded",
    severity=Severity.CRITICAL,
    cwe=321,
    over=App,
    sources=["Flask 3.1 docs, Configuration Handling, SECRET_KEY", "OWASP A02:2025"],
    bad=[
        Bad("on the app", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "in a settings class",
            {"app.py": LOADS, "settings.py": SETTINGS, "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad("of signed links", {"app.py": LINKS, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "in Django's settings", samples.django(settings=samples.SETTINGS.replace('os.environ["SECRET_KEY"]', KEPT))
        ),
    ],
    good=[
        Good("Django reads it from the environment", samples.django()),
        Good(
            "links are signed with the app's own key",
            {
                "app.py": LINKS.replace('"Vq7nN2hX9sT4wK8bR3mZ"', "app.secret_key"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "required from the environment",
            {
                "app.py": APP.replace('"Vq7nN2hX9sT4wK8bR3mZ"', 'os.environ["SECRET_KEY"]'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "overwritten before the app runs",
            {
                "app.py": LOADS + 'app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]\n',
                "settings.py": SETTINGS,
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def key_in_source(app: App) -> Iterator[Finding]:
    """Yield a finding for each signing key that is a literal of the source."""
    for key in known(app, Kind.HARDCODED):
        yield key.finding(
            f"{key.names} is a literal in the source: who reads it can forge {key.forges}",
            'Read it with `os.environ["SECRET_KEY"]`, and make a new key: this one is known.',
            Severity.CRITICAL,
        )
