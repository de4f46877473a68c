"""A service's password is one that everybody knows.

`postgres:postgres`, `root:example` and `guest:guest` are the first that worms and
people try; vendors and tutorials print them. Whoever reaches the service's
port is logged in: a neighbour in the cluster, a request forged by the server,
a port that is published by mistake.

It is read from URLs and DSNs in settings, from tables of them (Django's `DATABASES`), from the
settings of libraries (`MYSQL_DATABASE_PASSWORD`), and from calls (`create_engine`, `psycopg2.connect`,
`MongoClient`). The value is judged, never the name of a setting. Severity: high when the service
stands on another machine, medium on the same one or inside the deployment.

Silent for URLs without a password, for places to fill in (`${DB_PASSWORD}`), and
for a password of one's own: that one is told by `secrets-in-repo/password` when
it is committed.

Fix: `os.environ["DATABASE_URL"]` without a fallback, and a long random password
that the service is set up with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dsn import accounts
from batten.rules.form import first, one_per_place
from batten.rules.samples import django
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://postgres:postgres@localhost/shop"  # <- here
"""

ENGINE = """\
import os

from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine(os.environ.get("DATABASE_URL", "postgresql://postgres:postgres@db/shop"))  # <- here
"""

SETTINGS = """\
from flask import Flask
from flaskext.mysql import MySQL

app = Flask(__name__)
app.config.update(
    MYSQL_DATABASE_HOST="db",
    MYSQL_DATABASE_USER="root",
    MYSQL_DATABASE_PASSWORD="root",  # <- here
)
mysql = MySQL(app)
"""

DATABASES = """\
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "postgres",
        "PASSWORD": "postgres",  # <- here
        "HOST": "db",
    }
}"""

PUT_TOGETHER = APP.replace(
    '"postgresql://postgres:postgres@localhost/shop"',
    """f"amqp://{os.getenv('MQ_USER')}:{os.getenv('MQ_PASSWORD')}@queue/\"""",
)

FALLBACK = APP.replace(
    '"postgresql://postgres:postgres@localhost/shop"',
    'os.environ.get("DATABASE_URL", "mysql://root:example@db/shop")',
)


@rule(
    id="default-credentials/database-url",
    severity=Severity.HIGH,
    cwe=1392,
    over=App,
    sources=["Docker Hub, postgres, POSTGRES_PASSWORD", "OWASP A02:2025"],
    bad=[
        Bad("the vendor's account", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "a fallback that nothing replaces",
            {"app.py": FALLBACK, "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad("in the call itself", {"app.py": ENGINE, "Procfile": "web: gunicorn app:app\n"}),
        Bad("in Django's DATABASES", django(DATABASES)),
        Bad("in a library's settings", {"app.py": SETTINGS, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good(
            "the call reads it without a fallback",
            {
                "app.py": ENGINE.replace(
                    'os.environ.get("DATABASE_URL", "postgresql://postgres:postgres@db/shop")',
                    'os.environ["DATABASE_URL"]',
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "a password of one's own, from the environment",
            {
                "app.py": SETTINGS.replace('"root",  # <- here', 'os.environ["MYSQL_PASSWORD"],').replace(
                    "from flask import", "import os\n\nfrom flask import"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "Django reads it from the environment",
            django(DATABASES.replace('"postgres",  # <- here', 'os.environ["DB_PASSWORD"],')),
        ),
        Good(
            "a URL put together from variables that have to be set",
            {
                "app.py": PUT_TOGETHER,
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "no password, on this machine",
            {
                "app.py": APP.replace("postgres:postgres@localhost", "localhost"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "the host sets another",
            {"app.py": FALLBACK, "Procfile": "web: gunicorn app:app\n"},
            env={"DATABASE_URL": "mysql://shop:Vq7nN2hX9sT4wK8bR3mZ@db/shop"},
        ),
        Good(
            "required from the environment",
            {
                "app.py": APP.replace('"postgresql://postgres:postgres@localhost/shop"', 'os.environ["DATABASE_URL"]'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def known_password(app: App) -> Iterator[Finding]:
    """Yield a finding for each account whose password everybody knows."""
    yield from one_per_place(
        Finding(
            at=first(case.at, app.at),
            says=f"{credential.setting} logs in{_as(account.user)} with a password that everybody knows",
            evidence=tuple(evidence.hidden() for evidence in case.evidence),
            confidence=case.confidence,
            severity=Severity.HIGH if account.is_remote else Severity.MEDIUM,
            fix=Fix("Give the account a random password, and read the URL from the environment without a fallback."),
            symbol=credential.setting,
            proof=account.password,
            secret=True,
        )
        for credential in app.credentials
        for case in credential.value.cases()
        if isinstance(case.value, str)
        for account in accounts(case.value)
        if account.is_default and credential.service != "mail"
    )


def _as(user: str) -> str:
    return f" as {user!r}" if user else ""
