"""A service's password is one that everybody knows.

`postgres`, `root`, `guest`, `minioadmin`, `changeme`: the first that worms and people try, and the first
line of every tutorial. The same holds for an empty password that is allowed in so many
words (`MYSQL_ALLOW_EMPTY_PASSWORD`, `POSTGRES_HOST_AUTH_METHOD: trust`), and for what an image
makes when it is told nothing (`guest` of RabbitMQ, `minioadmin` of MinIO).

Severity: critical when other machines reach the service, high on a private network, medium when only
containers beside it do: there one hole in any of them is enough.

Silent for passwords that have to be set (`${DB_PASSWORD:?}`), secrets and `*_FILE`, and
for a password of one's own, which `secrets-in-repo/password` tells when it is committed.

Fix: `${DB_PASSWORD:?}` or a secret, and a long random password; an existing store keeps the old one until
it is changed there too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, around, host, rule
from batten.rules.form import one_per_place
from batten.rules.listening import finding
from batten.rules.reached import is_known, severity
from batten.understand.host import Listener
from batten.understand.infrastructure.nouns import Console, DataStore
from batten.understand.services.talk import Auth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.nouns import Login

COMPOSE = """\
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: postgres  # <- here
    ports: ["5432:5432"]
"""

QUEUE = """\
services:
  queue:
    image: rabbitmq:4  # <- here
"""

HANDED = """\
services:
  db:
    image: mariadb:11
    environment:
      MARIADB_ROOT_PASSWORD_FILE: /run/secrets/root
    secrets: [root]
secrets:
  root:
    file: ./root.txt
"""


@rule(
    id="default-credentials/service",
    severity=Severity.CRITICAL,
    cwe=1392,
    over=DataStore,
    sources=["Docker Hub, postgres, POSTGRES_PASSWORD", "ASVS 5.0, 13.2.3", "OWASP A02:2025"],
    bad=[
        Bad("the first that is tried", {"compose.yaml": COMPOSE}),
        Bad("reached by other containers only", {"compose.yaml": COMPOSE.replace("ports", "expose")}),
        Bad("unless set otherwise", {"compose.yaml": COMPOSE.replace("postgres  #", "${PASSWORD:-changeme}  #")}),
        Bad(
            "the user's own name",
            {
                "compose.yaml": COMPOSE.replace("postgres  #", "harbour  #").replace(
                    "    ports", "      POSTGRES_USER: harbour\n    ports"
                )
            },
        ),
        Bad(
            "trust",
            {"compose.yaml": COMPOSE.replace("POSTGRES_PASSWORD: postgres", "POSTGRES_HOST_AUTH_METHOD: trust")},
        ),
        Bad("what the image makes", {"compose.yaml": QUEUE}),
        Bad(
            "in a file of variables",
            {"compose.yaml": COMPOSE.replace("postgres  # <- here", "${DB}"), ".env": "DB=secret  # <- here\n"},
        ),
        Bad("in a committed secret", {"compose.yaml": HANDED, "root.txt": "root  # <- here\n"}),
        Bad(
            "an empty one, allowed",
            {
                "compose.yaml": COMPOSE.replace("postgres:17", "mysql:8.4").replace(
                    "POSTGRES_PASSWORD: postgres", "MYSQL_ALLOW_EMPTY_PASSWORD: 'yes'"
                )
            },
        ),
    ],
    good=[
        Good("it has to be set", {"compose.yaml": COMPOSE.replace("postgres  # <- here", "${PASSWORD:?}")}),
        Good("a password of its own", {"compose.yaml": COMPOSE.replace("postgres  # <- here", "Vq7nN2hX9sT4wK8bR3mZ")}),
        Good("a secret", {"compose.yaml": HANDED}),
        Good(
            "another user and password",
            {"compose.yaml": QUEUE + "    environment:\n      RABBITMQ_DEFAULT_PASS: ${PASSWORD:?}\n"},
        ),
        Good("nothing to start with", {"compose.yaml": COMPOSE.replace("postgres  # <- here", "${PASSWORD:-}")}),
        Good("only tests start it", {"tests/compose.yaml": COMPOSE}),
    ],
)
def known_password(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for each account of a store whose password everybody knows."""
    yield from one_per_place(_finding(store, login) for login in store.logins if is_known(login))


CONSOLE = """\
services:
  grafana:
    image: grafana/grafana:11.2.0
    environment:
      GF_SECURITY_ADMIN_PASSWORD: admin  # <- here
    ports: ["3000:3000"]
"""


@around(
    over=Console,
    layer="container",
    bad=[
        Bad("a console's administrator", {"compose.yaml": CONSOLE}),
        Bad(
            "what the console's image makes",
            {"compose.yaml": "services:\n  mongo:\n    image: mongo-express:1.0  # <- here\n"},
        ),
    ],
    good=[
        Good("a password that has to be set", {"compose.yaml": CONSOLE.replace("admin  #", "${PASSWORD:?}  #")}),
        Good(
            "a file of the console decides",
            {
                "compose.yaml": CONSOLE.replace(
                    "environment:\n      GF_SECURITY_ADMIN_PASSWORD: admin  # <- here",
                    "volumes: [./grafana.ini:/etc/grafana/grafana.ini]",
                ),
                "grafana.ini": "",
            },
        ),
    ],
)
def known_password_of_console(console: Console) -> Iterator[Finding]:
    """Yield a finding for each account of a console whose password everybody knows."""
    yield from one_per_place(_finding(console, login) for login in console.logins if is_known(login))


def _finding(store: DataStore | Console, login: Login) -> Finding:
    what = "without a password" if login.password == "" else "with a password that everybody knows"
    sure = store.confidence if isinstance(store, DataStore) else Confidence.CERTAIN
    return Finding(
        login.at,
        f"{store.name} ({store.product}) lets {repr(login.user) if login.user else 'whoever connects'} in {what}",
        (*store.evidence, *login.evidence),
        confidence=(Confidence.LIKELY if login.default else Confidence.CERTAIN).weakest(sure),
        severity=severity(store),
        fix=Fix("give it a long random password that has to be set from outside: `${DB_PASSWORD:?}` or a secret"),
        symbol=f"{store.name} {login.user}",
        proof=login.password or "",
        secret=True,
    )


@host(
    over=Listener,
    bad=[
        Bad(
            "open to the network",
            listeners="0.0.0.0:5432 postgres: postgres, default as postgres superuser  # <- here\n",
        ),
        Bad("on this machine", listeners="127.0.0.1:3306 mariadbd: mariadb, default as root superuser  # <- here\n"),
    ],
    good=[Good("a password of its own", listeners="0.0.0.0:5432 postgres: postgres, required\n")],
)
def known_password_taken(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a service that took a password that everybody knows, or an empty one."""
    spoken = listener.spoken
    if spoken is None or spoken.auth is not Auth.DEFAULT:
        return
    what = "an empty password" if spoken.password == "" else "a password that everybody knows"
    rights = ", who may do everything" if spoken.is_superuser else ""
    yield finding(
        listener,
        f"{listener.name} lets {spoken.login!r}{rights}, in with {what}",
        Severity.CRITICAL if listener.is_exposed else Severity.MEDIUM,
        Fix("give the account a long random password, or take it away"),
    )
