"""A data store asks for no password, and the network reaches it.

Redis, MongoDB, memcached, Elasticsearch before 8, Kafka, etcd, Qdrant: their official images let
in whoever connects until they are told otherwise. From the network that is all of the data, and with Redis
or Consul code that runs. Beside the app it takes one hole in any container:
a request that the server is made to send is enough.

Severity: critical when other machines reach it, high on a private network, medium for a database that only
containers reach, low for a search engine or a store of objects. An internal cache or broker is told by
`datastore-auth/internal`, to auditors.

Silent where a password, a key or a certificate is asked for, and where a configuration file, a script or
variables from outside decide. An empty password that is allowed in so many words is told by
`default-credentials/service`.

Fix: `--requirepass` for Redis, `MONGO_INITDB_ROOT_PASSWORD`, `xpack.security.enabled`, an API key: from a secret or
`${PASSWORD:?}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Fix, Good, Severity, host, rule
from batten.rules.data.datastore_auth._open import open_store
from batten.rules.listening import finding, is_store
from batten.rules.reached import severity
from batten.understand.host import Listener
from batten.understand.infrastructure.nouns import DataStore, Role
from batten.understand.services.talk import Auth
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

CACHE = """\
services:
  cache:
    image: redis:8  # <- here
    ports: ["6379:6379"]
"""

DOCUMENTS = """\
services:
  db:
    image: mongo:8  # <- here
"""

SEARCH = """\
services:
  search:
    image: elasticsearch:8.15.0
    environment:
      - xpack.security.enabled=false  # <- here
"""


@rule(
    id="datastore-auth/no-password",
    severity=Severity.CRITICAL,
    cwe=306,
    over=DataStore,
    sources=["Redis docs, Security", "MongoDB docs, Security checklist", "ASVS 5.0, 13.2.1", "OWASP A02:2025"],
    bad=[
        Bad("a cache for everybody", {"compose.yaml": CACHE}),
        Bad(
            "a variable that the image does not know",
            {"compose.yaml": CACHE + "    environment: {REDIS_PASSWORD: x}\n"},
        ),
        Bad("a database without a root user", {"compose.yaml": DOCUMENTS}),
        Bad("switched off", {"compose.yaml": SEARCH}),
    ],
    good=[
        Good("a password", {"compose.yaml": CACHE + "    command: redis-server --requirepass ${PASSWORD:?}\n"}),
        Good(
            "a cache for other containers only", {"compose.yaml": CACHE.replace("ports", "expose").replace("6379:", "")}
        ),
        Good(
            "a root user",
            {"compose.yaml": DOCUMENTS + "    environment:\n      MONGO_INITDB_ROOT_PASSWORD: ${PASSWORD:?}\n"},
        ),
        Good("switched on", {"compose.yaml": SEARCH.replace("false", "true")}),
        Good("a file that is not in the repository decides", {"compose.yaml": DOCUMENTS + "    env_file: db.env\n"}),
    ],
)
def no_password(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a store that lets in whoever connects."""
    if store.reach is Reach.WORLD or store.role is Role.DATABASE:
        yield from open_store(store, severity(store))
    elif store.role in (Role.SEARCH, Role.STORAGE):
        yield from open_store(store, Severity.LOW)


@host(
    over=Listener,
    bad=[
        Bad(
            "open to the network",
            listeners="0.0.0.0:6379 redis-server: redis 7.2, none as default superuser  # <- here\n",
        ),
        Bad(
            "to whoever is on the machine", listeners="127.0.0.1:5432 postgres: postgres, none as postgres  # <- here\n"
        ),
    ],
    good=[
        Good("a password", listeners="0.0.0.0:6379 redis-server: redis, required\n"),
        Good("nobody could tell", listeners="0.0.0.0:9092 java: kafka, unknown\n"),
        Good("a page for everyone", listeners="0.0.0.0:80 nginx: http, none\n"),
    ],
)
def answers_everyone(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a store that answered without a password."""
    spoken = listener.spoken
    if spoken is None or spoken.auth is not Auth.NONE or not is_store(listener):
        return
    who = f" as {spoken.login}{', who may do everything' if spoken.is_superuser else ''}" if spoken.login else ""
    yield finding(
        listener,
        f"{listener.name} lets in whoever connects{who}",
        Severity.CRITICAL if listener.is_exposed else Severity.LOW,
        Fix("require a password (`requirepass`, scram-sha-256, `security.authorization`), and listen on 127.0.0.1"),
    )
