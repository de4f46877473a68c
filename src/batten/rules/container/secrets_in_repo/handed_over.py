"""A secret is written into a file that starts containers.

Everyone with the repository has it, and with it the database, the mailbox, the account at the
payment service. It can only be changed by a commit, so it never is; the history keeps it, and
most often the same one opens every environment.

What is judged is the value, beside a name that says what it is for: in `environment`, in files of variables, in
`args` of a build, in the options of a command, in a file that `secrets` mounts. A token of a known maker
and a URL with a password count under every name. One finding for one secret, however many lines repeat it.

Severity: high, medium for passwords and for plain words.

Silent for what has to be set (`${API_KEY:?}`), for places to fill in, paths and switches, in files that `.gitignore`
keeps out, and where the app signs or logs in with it: `secret-key/published` and `secrets-in-repo/password` tell
that. A password that everybody knows is told by `default-credentials/service`.

Fix: `${API_KEY:?}` and a variable of the host, or a secret of the platform; then a new one, this one is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Evidence, Finding, Fix, Good, Severity, rule
from batten.rules.dsn import is_known
from batten.understand.infrastructure.handed import Handed
from batten.understand.infrastructure.secret_text import is_random, is_token

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  pay:
    image: ghcr.io/shop/pay:2.1
    environment:
      - PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2  # <- here
"""
STORE = """\
services:
  db:
    image: postgres:17
    environment: &login
      POSTGRES_PASSWORD: Vq7nN2hX9sT4  # <- here
  reports:
    image: ghcr.io/shop/reports:1
    environment:
      <<: *login
      DATABASE_URL: postgresql://postgres:Vq7nN2hX9sT4@db/shop
"""
BUILD = """\
services:
  pay:
    build:
      context: https://git.example.net/pay.git
      args:
        NPM_TOKEN: npm_q8ZtV3mN0pRcYw5LxKd2q8ZtV3mN0pRcYw5L  # <- here
"""
COMMAND = """\
services:
  cache:
    image: redis:8
    command: redis-server --requirepass Vq7nN2hX9sT4wK8bR3mZ  # <- here
"""
MOUNTED = """\
services:
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db}
    secrets: [db]
secrets:
  db: {file: ./db.txt}
"""


@rule(
    id="secrets-in-repo/handed-over",
    severity=Severity.HIGH,
    cwe=798,
    over=Handed,
    sources=["Docker docs, Manage secrets securely in Docker Compose", "OWASP Secrets Management Cheat Sheet"],
    bad=[
        Bad("a key of an API", {"compose.yaml": COMPOSE}),
        Bad("a password, once", {"compose.yaml": STORE}),
        Bad("an argument of a build", {"compose.yaml": BUILD}),
        Bad("in the command", {"compose.yaml": COMMAND}),
        Bad(
            "an option",
            {
                "compose.yaml": COMMAND.replace("redis:8", "shop").replace(
                    "redis-server --requirepass ", "serve --auth-token="
                )
            },
        ),
        Bad("a secret that is committed", {"compose.yaml": MOUNTED, "db.txt": "Vq7nN2hX9sT4  # <- here\n"}),
        Bad(
            "a file of variables",
            {
                "compose.yaml": COMPOSE.replace(
                    "environment:\n      - PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2  # <- here", "env_file: pay.env"
                ),
                "pay.env": "PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2  # <- here\n",
            },
        ),
    ],
    good=[
        Good(
            "a secret by its name",
            {
                "compose.yaml": STORE.partition("  reports")[0].replace("Vq7nN2hX9sT4", "db_key")
                + "    secrets: [db_key]\n"
            },
        ),
        Good(
            "a secret by its name, for another service",
            {"compose.yaml": COMPOSE.replace("q8ZtV3mN0pRcYw5LxKd2", "pay_api_key") + "    secrets: [pay_api_key]\n"},
        ),
        Good(
            "a limit",
            {"compose.yaml": COMPOSE.replace("API_KEY=q8ZtV3mN0pRcYw5LxKd2", "AUTH_RATELIMIT=10/minute;1000/hour")},
        ),
        Good("it has to be set", {"compose.yaml": COMPOSE.replace("q8ZtV3mN0pRcYw5LxKd2", "${PAYMENT_API_KEY:?}")}),
        Good("a place to fill in, of a store", {"compose.yaml": STORE.replace("Vq7nN2hX9sT4", "your-password-here")}),
        Good("a place to fill in", {"compose.yaml": COMPOSE.replace("q8ZtV3mN0pRcYw5LxKd2", "<your-key>")}),
        Good(
            "a word that is no secret",
            {"compose.yaml": COMPOSE.replace("API_KEY=q8ZtV3mN0pRcYw5LxKd2", "TOKEN_TYPE=Bearer")},
        ),
        Good(
            "the user's own name",
            {
                "compose.yaml": STORE.replace("Vq7nN2hX9sT4", "harbour").replace(
                    "&login\n", "&login\n      POSTGRES_USER: harbour\n"
                )
            },
        ),
        Good(
            "of a service that is not known, too",
            {
                "compose.yaml": COMPOSE.replace(
                    "PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2", "LEDGER_USERNAME=harbour\n      - LEDGER_PASSWORD=harbour"
                )
            },
        ),
        Good(
            "a file by its path",
            {"compose.yaml": COMPOSE.replace("API_KEY=q8ZtV3mN0pRcYw5LxKd2", "TLS_KEY=certs/server.key")},
        ),
        Good("everybody knows it", {"compose.yaml": STORE.replace("Vq7nN2hX9sT4", "postgres")}),
        Good("a file that is not committed", {"compose.yaml": MOUNTED}),
        Good(
            "an argument that is none",
            {"compose.yaml": BUILD.replace("npm_q8ZtV3mN0pRcYw5LxKd2q8ZtV3mN0pRcYw5L", "${NPM_TOKEN}")},
        ),
        Good("no arguments", {"compose.yaml": BUILD.partition("      args")[0]}),
        Good(
            "git does not know the file",
            {
                "compose.yaml": COMPOSE.replace(
                    "environment:\n      - PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2  # <- here", "env_file: pay.env"
                ),
                "pay.env": "PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2\n",
                ".gitignore": "*.env\n",
            },
        ),
    ],
)
def secret_handed_over(handed: Handed) -> Iterator[Finding]:
    """Yield the finding about a secret that a deployment file holds."""
    if handed.signs or is_known(handed.text):
        return
    is_key = "PASS" not in handed.name.upper() and (is_random(handed.text) or is_token(handed.text))
    yield Finding(
        handed.at,
        f"{handed.name} of {handed.to} stands in the repository",
        (*handed.evidence, *(Evidence(place, "the same again") for place in handed.places)),
        confidence=Confidence.LIKELY if handed.default else Confidence.CERTAIN,
        severity=Severity.HIGH if is_key else Severity.MEDIUM,
        fix=Fix("hand it over from outside, `${NAME:?}` or a secret, and make a new one: this one is known"),
        symbol=f"{handed.to} {handed.name}",
        proof=handed.text,
        secret=True,
    )
